/** What a call is to a system that has more to do than it can: calls of both kinds are refused then, reads first. */
export type LoadKind = 'placement' | 'read'

/**
 * The kind of a call by its method and path. Calls without one are never refused for load: they end work, such as a
 * cancellation, or operators need them.
 */
export const loadKindOf = (method: string, path: string): LoadKind | undefined => {
  switch (method.toLowerCase()) {
    case 'post':
      return PLACING_PATHS.has(path) ? 'placement' : undefined
    case 'get':
    case 'head':
      return SHOP_READS.test(path) ? 'read' : undefined
    default:
      return undefined
  }
}

const PLACING_PATHS: ReadonlySet<string> = new Set(['/orders', '/events'])

const SHOP_READS = /^\/(?:orders|products|inventory|payments)(?:\/|$)/
