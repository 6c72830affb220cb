import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { BOOTSTRAP_CLIENT } from '../../../src/contracts/caller.ts'
import { limitKeyOfAddress, limitKeyOfClient } from '../../../src/order/live-limits.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** The periods of the limits in wrangler.toml: after one period there is room again. */
const REQUESTS_PERIOD_SECONDS = 10
const GUESSES_PERIOD_SECONDS = 60

/** All keys of a client share its limit. The bootstrap key is not limited, so that operators always get in. */
export const limitRate = createMiddleware<OrderRoutesEnv>(async (c, next) => {
  const key = limitKeyOf(c)
  if (key === limitKeyOfClient(BOOTSTRAP_CLIENT) || (await isWithin(c.env.CLIENT_REQUESTS, key))) {
    return await next()
  }
  return tooManyRequests(c)
})

/** The platform counts one for each call. Few calls run at a time, so that a refused batch costs few calls. */
const COUNTED_AT_ONCE = 20

/** Counts the orders of a batch against its client. The request itself has counted the first one. */
export const mayBring = async (c: Context<OrderRoutesEnv>, orders: number): Promise<boolean> => {
  const key = limitKeyOf(c)
  if (key === limitKeyOfClient(BOOTSTRAP_CLIENT)) return true
  for (let left = orders - 1; left > 0; left -= COUNTED_AT_ONCE) {
    const counts = Array.from({ length: Math.min(left, COUNTED_AT_ONCE) }, () =>
      isWithin(c.env.CLIENT_BATCHED_ORDERS, key),
    )
    if (!(await Promise.all(counts)).every(Boolean)) return false
  }
  return true
}

export const tooManyRequests = (c: Context) =>
  tooMany(c, REQUESTS_PERIOD_SECONDS, 'This client sends more requests and orders than it may.')

/** The key that a request, a stream or a wait counts against: its client's, or the address of a read token's bearer. */
export const limitKeyOf = (c: Context<OrderRoutesEnv>): string =>
  c.get('reader') === undefined ? limitKeyOfClient(c.get('caller').client) : limitKeyOfAddress(addressOf(c))

/** The address that a request comes from, as a network. */
export const addressOf = (c: Context<OrderRoutesEnv>): string =>
  networkOf(c.req.header('cf-connecting-ip') ?? 'unknown')

/** Counts a key that is not known to be right against the address it comes from. */
export const mayGuess = (c: Context<OrderRoutesEnv>): Promise<boolean> =>
  isWithin(c.env.KEY_GUESSES, addressOf(c))

export const tooManyGuesses = (c: Context) =>
  tooMany(c, GUESSES_PERIOD_SECONDS, 'Too many unknown keys came from this address.')

/**
 * The network that an address counts as. For an IPv6 address it is the first 64 bits: its owner can change the rest at
 * will (RFC 6177). An IPv4 address inside an IPv6 one counts as itself: otherwise all addresses behind the same
 * translation would be one network.
 */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const groups = groupsOf(address)
  if (groups === undefined) return 'malformed'
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')
  const [high = 0, low = 0] = groups.slice(6)
  if (CARRIES_IPV4.has(prefix) && high > 0) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')
}

/** IPv4-compatible and IPv4-mapped (RFC 4291, 2.5.5), translated (RFC 7915) and the well-known NAT64 prefix (RFC 6052). */
const CARRIES_IPV4 = new Set(['0:0:0:0:0:0', '0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'])

/** The eight groups of an IPv6 address in any notation, as numbers. Undefined where the text is no IPv6 address. */
const groupsOf = (address: string): number[] | undefined => {
  // `URL` writes every notation in one way: lower case, no dots, one `::` at most.
  const [withoutZone = ''] = address.split('%')
  const written = URL.parse(`http://[${withoutZone}]/`)?.hostname.slice(1, -1)
  if (written === undefined) return undefined
  const [before = '', after = ''] = written.split('::')
  const [head, tail] = [partsOf(before), partsOf(after)]
  const zeros = Array.from({ length: IPV6_GROUPS - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16))
}

const IPV6_GROUPS = 8

const partsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))

export const tooMany = (c: Context, seconds: number, what: string) =>
  problem(c, 'rate_limited', {
    detail: `${what} Try again in ${seconds} seconds.`,
    headers: { 'retry-after': String(seconds) },
  })

/** While a counter is away every request passes: it protects against floods, not against strangers. */
const isWithin = async (limit: RateLimit, key: string): Promise<boolean> => {
  try {
    const { success } = await limit.limit({ key })
    return success
  } catch {
    return true
  }
}
