/** `Bearer`, in any case, one space or more, and the token, after which nothing comes (RFC 6750, 2.1; RFC 9110, 11.4). */
const BEARER = /^bearer +(\S+)$/i

/** What a request shows as its key or read token; nothing where the header is no bearer's. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1]
