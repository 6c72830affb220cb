import ipaddr from 'ipaddr.js'

/** RFC 1035: a name has at most 253 characters, a label 63. */
const NAME_LENGTH_MAX = 253
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/**
 * Suffixes of private networks: the special-use names of RFC 6761, RFC 6762 (appendix G), RFC 8375 and RFC 9476, the
 * ones that ICANN never delegates (`internal`, `corp`, `home`, `mail`), and those of clusters and service meshes.
 */
const PRIVATE_SUFFIXES = [
  ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'corp', 'home', 'mail', 'lan'],
  ...['arpa', 'alt', 'onion', 'domain', 'workgroup', 'svc', 'consul'],
].map((suffix) => `.${suffix}`)

/** Metadata services under names that look public. The others are single labels, or end in `.internal`. */
const METADATA_NAMES = [
  'metadata.goog',
  'metadata.tencentyun.com',
  'api.metadata.cloud.ibm.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
]

/**
 * Metadata services of the large providers. Most are in private ranges, which are refused anyway; the list still refuses
 * them if a range is ever read in another way. Azure's (168.63.129.16) is in a public range.
 */
const METADATA_ADDRESSES = new Set([
  ...['169.254.169.254', '169.254.170.2', '169.254.0.23', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
  ...['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fe80::a9fe:a9fe'],
])

/** The only block of version 6 that the public internet routes. Everything else is local, or a version 4 address in it. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/** Why no request may be sent to this host. Undefined where requests may. The host comes from a URL without trailing dots. */
export const hostFault = (host: string): string | undefined => {
  const address = host.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(address))
    return isPublicAddress(address) ? undefined : 'must not be a private or reserved address'
  if (!host.includes('.')) return 'must be a full domain name'
  if (host.length > NAME_LENGTH_MAX || !host.split('.').every((label) => LABEL.test(label)))
    return 'must be a domain name'
  return isPrivateName(host) ? 'must not be a private name' : undefined
}

/** Whether the host of a URL is an IP address, so that no look-up is needed. */
export const isAddress = (host: string): boolean => ipaddr.isValid(host.replace(/^\[|\]$/g, ''))

/** False for private, loopback, link-local, shared, multicast and reserved addresses, also where version 6 wraps them. */
export const isPublicAddress = (text: string): boolean => {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (METADATA_ADDRESSES.has(address.toString()) || address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST)
}

const isPrivateName = (name: string): boolean =>
  PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix)) ||
  METADATA_NAMES.some((metadata) => name === metadata || name.endsWith(`.${metadata}`))
