// graphql-request: the `fetch` of a GraphQLClient. An answer of 200 with `errors` is GraphQL's, and no scheme touches it.
import { bearer } from "@authflow/bearer";
import { gql, GraphQLClient } from "graphql-request";
import { standalone } from "./recipe.ts";
import { tokenFrom } from "./token-from.ts";

export async function run(origin: string): Promise<string> {
  const scheme = bearer(() => tokenFrom(`${origin}/token`));
  const client = new GraphQLClient(`${origin}/graphql`, { fetch: scheme(fetch) });

  const query = gql`
    query {
      viewer {
        login
      }
    }
  `;
  const { viewer } = await client.request<{ viewer: { login: string } }>(query);
  return viewer.login;
}

await standalone(import.meta.url, run);
