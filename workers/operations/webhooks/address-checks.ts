import type { Instant } from '../../../src/kernel/instant.ts'
import type { OperationsSettings } from '../settings.ts'
import { createLookUp, type Resolve, rememberResolutions } from './name-resolver.ts'
import { type CheckAddress, createAddressCheck } from './webhook-address.ts'

export type AddressCheckFor = (
  settings: Pick<OperationsSettings, 'areLocalWebhooksAllowed' | 'resolverUrl'>,
) => CheckAddress

type Ports = { fetch: typeof globalThis.fetch; now(): Instant }

/**
 * Checks of addresses that share the resolver's results. Only in development may webhooks be posted to this machine. No
 * name is looked up there, so that a local system makes no request to the outside.
 */
export const createAddressChecks = ({ fetch, now }: Ports): AddressCheckFor => {
  const resolvers = new Map<string, Resolve>()
  const resolverAt = (resolverUrl: string): Resolve => {
    const known = resolvers.get(resolverUrl)
    if (known !== undefined) return known
    const made = rememberResolutions(createLookUp({ resolverUrl, fetch }), now)
    resolvers.set(resolverUrl, made)
    return made
  }
  return ({ areLocalWebhooksAllowed: isLocalAllowed, resolverUrl }) =>
    createAddressCheck({ isLocalAllowed, resolve: isLocalAllowed ? undefined : resolverAt(resolverUrl) })
}
