import type { Service } from '../../../src/contracts/topology.ts'
import type { Platform } from '../platform/platform.ts'
import { SimulatedQueue } from '../platform/queue.ts'
import type { Batching } from '../platform/queue-delivery.ts'
import { settingsOf } from '../platform/queue-settings.ts'
import type { Actor } from '../platform/scheduler.ts'

export const SERVICES = ['order', 'inventory', 'payment', 'operations'] as const satisfies readonly Service[]

export type Inboxes = Record<Service, SimulatedQueue>

/** All queues of a deployment, each with the settings of its consumer's wrangler.toml. */
export const createQueues = (platform: Platform, cloud: Actor, batching: Batching) => {
  const create = (name: string) =>
    new SimulatedQueue(platform, { cloud, name, settings: settingsOf(name), batching })
  const inboxesNamed = (suffix: '' | '-dlq'): Inboxes => ({
    order: create(`edge-orders-order-inbox${suffix}`),
    inventory: create(`edge-orders-inventory-inbox${suffix}`),
    payment: create(`edge-orders-payment-inbox${suffix}`),
    operations: create(`edge-orders-operations-inbox${suffix}`),
  })
  const inboxes = inboxesNamed('')
  const deadLetters = inboxesNamed('-dlq')
  for (const service of SERVICES) inboxes[service].deadLetterTo(deadLetters[service])
  return { inboxes, deadLetters, webhookQueue: create('edge-orders-webhooks') }
}

export type Queues = ReturnType<typeof createQueues>
