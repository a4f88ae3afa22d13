/** Puts the key in its place: gives the request back, or one derived from it. */
export type Place = (request: Request) => Request;
