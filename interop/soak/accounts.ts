// The credentials of the soak. Each holds a word that no other text has, so that it is found wherever it goes.
export const MARK = "pl4nted";
export const ACCOUNT = { username: `${MARK}-user`, password: `${MARK}-password` } as const;
export const API_KEY = `${MARK}-key`;
export const CLIENT = { id: `${MARK}-client`, secret: `${MARK}-secret` } as const;
