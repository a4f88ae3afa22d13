/** Gets a token, as it would from an authorization server: the function that `bearer` asks. */
export async function tokenFrom(url: string): Promise<string> {
  const response = await fetch(url, { method: "POST" });
  const { token } = (await response.json()) as { token: string }; // what the site answers
  return token;
}
