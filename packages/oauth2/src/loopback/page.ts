/** What stands in the browser in the end. Whether the login succeeds isn't known yet: the code is still to be exchanged. */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Back to the program</title>
<p>Go back to the program that sent you here. You can close this page.</p>
</html>
`;

/** Nothing runs or is loaded in the page, nobody is told of its URL, which has the code, and nothing of it is kept. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
