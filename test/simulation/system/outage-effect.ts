import type { Service } from '../../../src/contracts/topology.ts'
import type { Instant } from '../../../src/kernel/instant.ts'

const NAMESPACES: readonly (string | symbol)[] = ['ORDERS', 'STOCK', 'PAYMENTS', 'WEBHOOKS']

/**
 * The consumers of one service fail for up to an hour. Either they throw at each batch, as after a bad deployment, or they
 * reach no partition. The service's HTTP routes still work.
 */
export type ServiceOutage = {
  service: Service
  how: 'throws' | 'reaches no partition'
  from: Instant
  until: Instant
}

/** The consumers of this service fail at this moment. */
export const isAway = (serviceOutage: ServiceOutage | undefined, service: Service, now: Instant): boolean =>
  serviceOutage?.service === service && now < serviceOutage.until

/** An environment whose partitions cannot be reached. */
export const cutOff = <Env extends object>(env: Env): Env =>
  new Proxy(env, {
    get: (target, name) => (NAMESPACES.includes(name) ? UNREACHABLE : Reflect.get(target, name)),
  })

const UNREACHABLE = {
  getByName: () => new Proxy({}, { get: () => () => Promise.reject(new Error('Network connection lost.')) }),
}
