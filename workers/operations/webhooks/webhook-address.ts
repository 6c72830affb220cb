import { type Result, refusal, success } from '../../../src/kernel/result.ts'
import type { Resolution, Resolve } from './name-resolver.ts'
import { hostFault, isAddress, isPublicAddress } from './public-host.ts'

const URL_LENGTH_MAX = 2_048

/** Allowed are the port of HTTPS and ports from this one on. So no request goes to a mail server by mistake. */
const PORTS_FROM = 1_024

/** The machine itself: only for development. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * `refused`: the address is not allowed. `unresolved`: the name servers of the address fail. `resolver_away`: our own
 * resolver does not respond, so the address is unknown.
 */
export type AddressFault = { kind: 'refused' | 'unresolved' | 'resolver_away'; detail: string }

/** Resolves with the URL that requests may be sent to, or with the reason for a refusal. */
export type CheckAddress = (url: string) => Promise<Result<string, AddressFault>>

/** Checks a URL and the addresses of its name. Without a resolver, the name is checked only as it is written. */
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

/** One private address among many is enough for a refusal, because the request may go to any of them. */
const faultOf = (resolution: Resolution): AddressFault | undefined => {
  if (resolution.kind === 'unknown') return { kind: 'refused', detail: 'must be a name that has an address' }
  if (resolution.kind !== 'found') return resolution
  return resolution.addresses.every(isPublicAddress)
    ? undefined
    : { kind: 'refused', detail: 'must not be a name that leads to a private or reserved address' }
}

/**
 * The part of the check that needs no network. Returns the URL in the form that requests use, or the reason for a
 * refusal. The URL parser brings every notation of an IP address (octal, hex, one number) and of a name (IDNA, percent)
 * into the usual form.
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
 * The parser reads `10.0.0.1..` as a name and leaves it as it is. A resolver may read it as an address. So it is parsed
 * again without its trailing dots.
 */
const withoutTrailingDots = (url: URL): URL | null => {
  const host = url.hostname.replace(/\.+$/, '')
  if (host === url.hostname) return url
  const port = url.port === '' ? '' : `:${url.port}`
  return URL.parse(`${url.protocol}//${host}${port}${url.pathname}${url.search}`)
}
