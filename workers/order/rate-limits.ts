import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { BOOTSTRAP_CLIENT } from '../../src/contracts/caller.ts'
import type { OrderRoutesEnv } from './variables.ts'

/** The periods of the limits in wrangler.toml: by then there is room again. */
const REQUESTS_PERIOD_SECONDS = 10
const GUESSES_PERIOD_SECONDS = 60

/** All keys of a client share its limit. The bootstrap key has none: it is the operators' way in. */
export const limitRate = createMiddleware<OrderRoutesEnv>(async (c, next) => {
  const { client } = c.var.caller
  if (client === BOOTSTRAP_CLIENT || (await isWithin(c.env.CLIENT_REQUESTS, client))) return await next()
  return tooMany(c, REQUESTS_PERIOD_SECONDS, 'This client sends more requests than it may.')
})

/** Counts a key that is not known to be right against the address it comes from. */
export const mayGuess = (c: Context<OrderRoutesEnv>): Promise<boolean> =>
  isWithin(c.env.KEY_GUESSES, networkOf(c.req.header('cf-connecting-ip') ?? 'unknown'))

export const tooManyGuesses = (c: Context): Response =>
  tooMany(c, GUESSES_PERIOD_SECONDS, 'Too many unknown keys came from this address.')

/** Of an IPv6 address its first 64 bits: the rest is its owner's to change at will (RFC 6177). */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [before = '', after] = address.split('::')
  const [head, tail] = [groupsOf(before), groupsOf(after ?? '')]
  const zeros = after === undefined ? 0 : Math.max(0, IPV6_GROUPS - head.length - tail.length)
  return [...head, ...Array.from({ length: zeros }, () => '0'), ...tail].slice(0, 4).join(':')
}

const IPV6_GROUPS = 8

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))

const tooMany = (c: Context, seconds: number, what: string): Response =>
  problem(c, 'rate_limited', {
    detail: `${what} Try again in ${seconds} seconds.`,
    headers: { 'retry-after': String(seconds) },
  })

/** A counter that is away stops nobody: it protects from floods, not from strangers. */
const isWithin = async (limit: RateLimit, key: string): Promise<boolean> => {
  try {
    const { success } = await limit.limit({ key })
    return success
  } catch {
    return true
  }
}
