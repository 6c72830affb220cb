import ipaddr from 'ipaddr.js'
import { type Result, refusal, success } from '../../src/kernel/result.ts'

const URL_LENGTH_MAX = 2_048

/** The port of HTTPS, and those that are for users' own services: no mail, no databases by mistake. */
const PORTS_FROM = 1_024

/** Names that stand for machines of a private network, here or where the request comes out. */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.intranet', '.lan', '.home.arpa', '.onion']

/** The machine itself: for development alone. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * An address that requests may be sent to, in the form in which they will be, or why not. The URL parser has already
 * brought every notation of an IP address (octal, hex, one number) into the usual one. What a public name resolves to
 * cannot be seen here: see docs/api.md for what keeps such a request from a private network.
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
  const fault = hostFault(url.hostname)
  return fault === undefined ? success(url.href) : refusal(fault)
}

const hostFault = (hostname: string): string | undefined => {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (ipaddr.isValid(host)) return isPublic(host) ? undefined : 'must not be a private or reserved address'
  if (!host.includes('.')) return 'must be a full domain name'
  return PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix)) ? 'must not be a private name' : undefined
}

/** Neither private nor loopback, link-local, shared, multicast, reserved, or another address in disguise. */
const isPublic = (host: string): boolean => ipaddr.process(host).range() === 'unicast'
