import { type Result, refusal, success } from '../../../src/kernel/result.ts'
import type { Resolution, Resolve } from './name-resolver.ts'
import { hostFault, isAddress, isPublicAddress } from './public-host.ts'

const URL_LENGTH_MAX = 2_048

/** The port of HTTPS, and those that are for users' own services: no mail, no databases by mistake. */
const PORTS_FROM = 1_024

/** The machine itself: for development alone. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * `refused`: the address is not allowed. `unresolved`: the name servers of the address fail. `resolver_away`: our own
 * resolver does not answer, so that nothing is known of the address.
 */
export type AddressFault = { kind: 'refused' | 'unresolved' | 'resolver_away'; detail: string }

/** The URL that requests may be sent to, or why not. */
export type CheckAddress = (url: string) => Promise<Result<string, AddressFault>>

/** The check of a URL with what its name resolves to. Without a resolver names are checked as they are written. */
export const createAddressCheck =
  ({ isLocalAllowed, resolve }: { isLocalAllowed: boolean; resolve: Resolve | undefined }): CheckAddress =>
  async (text) => {
    const url = checkWebhookUrl(text, { isLocalAllowed })
    if (!url.ok) return refusal({ kind: 'refused', detail: url.reason })
    const host = new URL(url.value).hostname
    if (resolve === undefined || isAddress(host)) return url
    const fault = faultOf(await resolve(host))
    return fault === undefined ? url : refusal(fault)
  }

/** One private address among many is enough: it is not known which one the request would go to. */
const faultOf = (resolution: Resolution): AddressFault | undefined => {
  if (resolution.kind === 'unknown') return { kind: 'refused', detail: 'must be a name that has an address' }
  if (resolution.kind !== 'found') return resolution
  return resolution.addresses.every(isPublicAddress)
    ? undefined
    : { kind: 'refused', detail: 'must not be a name that leads to a private or reserved address' }
}

/**
 * The part of the check that needs no network: a URL in the form in which requests are sent to it, or why not. The
 * URL parser brings every notation of an IP address (octal, hex, one number) and of a name (IDNA, percent) into the
 * usual one.
 */
export const checkWebhookUrl = (
  text: string,
  { isLocalAllowed }: { isLocalAllowed: boolean },
): Result<string, string> => {
  if (text.length > URL_LENGTH_MAX) return refusal(`must have at most ${URL_LENGTH_MAX} characters`)
  const url = URL.parse(text)
  if (url === null) return refusal('is not a URL')
  if (url.username !== '' || url.password !== '') return refusal('must not have a user name or a password')
  if (url.hash !== '') return refusal('must not have a fragment')
  if (isLocalAllowed && LOOPBACK.has(url.hostname) && url.protocol.startsWith('http'))
    return success(url.href)
  if (url.protocol !== 'https:') return refusal('must be https')
  if (url.port !== '' && Number(url.port) < PORTS_FROM)
    return refusal(`must use port 443 or one from ${PORTS_FROM}`)
  const bare = withoutTrailingDots(url)
  if (bare === null) return refusal('must be a domain name')
  const fault = hostFault(bare.hostname)
  return fault === undefined ? success(bare.href) : refusal(fault)
}

/**
 * The parser takes `10.0.0.1..` for a name, and leaves it. Without its dots it is read once more, so that it is seen as
 * the address that a resolver may take it for.
 */
const withoutTrailingDots = (url: URL): URL | null => {
  const host = url.hostname.replace(/\.+$/, '')
  if (host === url.hostname) return url
  const port = url.port === '' ? '' : `:${url.port}`
  return URL.parse(`${url.protocol}//${host}${port}${url.pathname}${url.search}`)
}
