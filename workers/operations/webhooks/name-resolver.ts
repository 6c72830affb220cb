import { z } from 'zod'
import type { Instant } from '../../../src/kernel/instant.ts'

/** A resolver responds within milliseconds. An attempt has 30 s in all. */
const LOOK_UP_TIMEOUT_MS = 3_000

/** Types of DNS records (RFC 1035, RFC 3596). A response also has the CNAME records that lead to the address. */
const RECORDS = { A: 1, AAAA: 28 } as const

/** Response codes (RFC 1035). */
const NO_ERROR = 0
const NO_SUCH_NAME = 3

/** How long a response without a lifetime is valid, for example for a name that has no address. */
const SILENT_LIFETIME_SECONDS = 30

/**
 * The result of a look-up. `unknown`: the name has no address. `unresolved`: the name's own servers fail.
 * `resolver_away`: the resolver does not respond.
 */
export type Resolution =
  | { kind: 'found'; addresses: readonly string[] }
  | { kind: 'unknown' }
  | { kind: 'unresolved' | 'resolver_away'; detail: string }

export type Resolve = (name: string) => Promise<Resolution>

export type LookUp = (name: string) => Promise<{ resolution: Resolution; lifetimeSeconds: number }>

type RecordType = keyof typeof RECORDS

const dnsResponseSchema = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), TTL: z.int().min(0).optional(), data: z.string() })).optional(),
})

type DnsResponse = z.infer<typeof dnsResponseSchema>

/** Looks names up by DNS over HTTPS, in the JSON form that Cloudflare's and Google's resolvers speak. */
export const createLookUp =
  ({ resolverUrl, fetch }: { resolverUrl: string; fetch: typeof globalThis.fetch }): LookUp =>
  async (name) => {
    try {
      const responses = await Promise.all([
        ask({ resolverUrl, fetch }, name, 'A'),
        ask({ resolverUrl, fetch }, name, 'AAAA'),
      ])
      return { resolution: resolutionOf(name, responses), lifetimeSeconds: lifetimeOf(responses) }
    } catch (error) {
      const detail = `could not be looked up, because the resolver does not respond: ${error}`
      return { resolution: { kind: 'resolver_away', detail }, lifetimeSeconds: 0 }
    }
  }

const ask = async (
  { resolverUrl, fetch }: { resolverUrl: string; fetch: typeof globalThis.fetch },
  name: string,
  type: RecordType,
): Promise<DnsResponse> => {
  const url = new URL(resolverUrl)
  url.searchParams.set('name', name)
  url.searchParams.set('type', type)
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), LOOK_UP_TIMEOUT_MS)
  try {
    const headers = { accept: 'application/dns-json' }
    const response = await fetch(url, { headers, redirect: 'manual', signal: timeout.signal })
    if (response.status !== 200) throw new Error(`it responded ${response.status}`)
    return dnsResponseSchema.parse(await response.json())
  } finally {
    clearTimeout(timer)
  }
}

/** Both address families must be known, because the platform chooses which one a request uses. */
const resolutionOf = (name: string, responses: readonly DnsResponse[]): Resolution => {
  const failed = responses.find(({ Status }) => Status !== NO_ERROR && Status !== NO_SUCH_NAME)
  if (failed !== undefined) {
    const detail = `could not be looked up: the name servers of ${name} fail (DNS status ${failed.Status})`
    return { kind: 'unresolved', detail }
  }
  const addresses = responses.flatMap(recordsOf).map(({ data }) => data)
  return addresses.length === 0 ? { kind: 'unknown' } : { kind: 'found', addresses }
}

const recordsOf = ({ Answer = [] }: DnsResponse) =>
  Answer.filter(({ type }) => type === RECORDS.A || type === RECORDS.AAAA)

/** The shortest lifetime of all records that lead to the addresses. */
const lifetimeOf = (responses: readonly DnsResponse[]): number => {
  const lifetimes = responses.flatMap(({ Answer = [] }) => Answer.flatMap(({ TTL }) => TTL ?? []))
  return lifetimes.length === 0 ? SILENT_LIFETIME_SECONDS : Math.min(...lifetimes)
}

/** A lifetime of 0 counts as ten seconds, and no result is used for longer than five minutes. */
const KEPT_SECONDS_MIN = 10
const KEPT_SECONDS_MAX = 300
/** Names in memory. The oldest one is dropped first. */
const NAMES_MAX = 1_000

/** Remembers results for their lifetime, within bounds. A failure of a resolver or a name server is never remembered. */
export const rememberResolutions = (lookUp: LookUp, now: () => Instant): Resolve => {
  const known = new Map<string, { resolution: Resolution; until: Instant }>()
  return async (name) => {
    const found = known.get(name)
    if (found !== undefined && now() < found.until) return found.resolution
    const { resolution, lifetimeSeconds } = await lookUp(name)
    known.delete(name)
    if (resolution.kind === 'found' || resolution.kind === 'unknown') {
      const keptSeconds = Math.min(Math.max(lifetimeSeconds, KEPT_SECONDS_MIN), KEPT_SECONDS_MAX)
      known.set(name, { resolution, until: now() + keptSeconds * 1_000 })
    }
    const oldest = known.keys().next().value
    if (known.size > NAMES_MAX && oldest !== undefined) known.delete(oldest)
    return resolution
  }
}
