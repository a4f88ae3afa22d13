// undici's own fetch, and its `dispatcher` option: each request of a flow goes through it.
import { digest } from "@authflow/digest";
import { Agent, type Dispatcher, fetch } from "undici";
import { standalone } from "./recipe.ts";

export async function run(origin: string): Promise<string[]> {
  const authFetch = digest({ username: "olivia", password: "secret" })(fetch);

  let dispatched = 0;
  const counting: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    dispatched++;
    return dispatch(options, handler);
  };
  const agent = new Agent({ connections: 1 });
  const dispatcher = agent.compose(counting);

  const response = await authFetch(`${origin}/digest`, { dispatcher });
  const text = await response.text();
  await agent.close();
  return [text, `${dispatched} requests by this dispatcher`];
}

await standalone(import.meta.url, run);
