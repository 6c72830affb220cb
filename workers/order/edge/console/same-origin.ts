/**
 * Whether a form was sent by a page of this host. Every current browser says where a request comes from in
 * `Sec-Fetch-Site`, and no page can change it. Older ones send `Origin` with every POST. A request with neither is refused.
 */
export const isFromThisOrigin = (request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return request.headers.get('origin') === new URL(request.url).origin
}
