import type { Caller } from '../../src/contracts/caller.ts'
import { WEBHOOK_TYPES } from '../../src/contracts/webhook-types.ts'
import type { AttemptOutcome } from '../../src/operations/attempt-outcome.ts'
import type { DeliveryReference } from '../../src/operations/delivery-attempt.ts'
import { WebhookPartition } from '../../src/operations/partition/webhook-partition.ts'
import type { RegisterRequest } from '../../src/operations/partition/webhook-requests.ts'
import { createWebhookSecrets } from '../../workers/operations/webhooks/sealed-webhook-secrets.ts'
import { OPERATOR } from './builders.ts'
import { createMemoryHost } from './memory-host.ts'

/** `env` has the keys that secrets are sealed with. */
type Options = NonNullable<Parameters<typeof createMemoryHost>[0]> & { env?: object }

/** The webhook partition in memory, with a queue that only collects. */
export const createWebhookWorld = ({ env = {}, ...options }: Options = {}) => {
  const memory = createMemoryHost(options)
  const queue: DeliveryReference[] = []
  let ids = 0
  let keys = env
  const start = () =>
    new WebhookPartition({
      host: memory.host,
      secrets: createWebhookSecrets(keys),
      enqueue: (references) => void queue.push(...references),
      newDeliveryId: () => {
        ids += 1
        return `msg_${String(ids).padStart(4, '0')}`
      },
    })
  let partition = start()
  const world = {
    memory,
    partition: () => partition,
    /** As after an eviction or a crash: memory and the queue are gone, storage is not. */
    restart: (newEnv: object = keys) => {
      queue.splice(0)
      keys = newEnv
      partition = start()
    },
    register: (webhookId = 'wh_1', changes: Partial<RegisterRequest> = {}, caller: Caller = OPERATOR) =>
      partition.webhooks.register({
        webhookId,
        secret: `whsec_${webhookId}`,
        sealedSecret: `whsec_${webhookId}`,
        caller,
        request: undefined,
        url: 'https://shop.example/hook',
        types: WEBHOOK_TYPES,
        ...changes,
      }),
    /** Every order partition has stored this revision of what is wanted. */
    acknowledge: (revision: number) =>
      partition.subscription.acknowledge([`webhooks/WebhooksChanged/${revision}`]),
    /** Everything on the queue is leased, and has this outcome. */
    attemptAll: (outcome: AttemptOutcome) => {
      const attempts = partition.deliveries.lease(queue.splice(0))
      for (const { webhookId, deliveryId, attempt } of attempts) {
        partition.deliveries.record({ webhookId, deliveryId, attempt, outcome })
      }
      return attempts
    },
    /** Leased by a Worker that never reports an outcome. */
    leaseAll: () => partition.deliveries.lease(queue.splice(0)),
    references: () => [...queue],
    queued: () => queue.map(({ deliveryId }) => deliveryId),
    log: (webhookId = 'wh_1') => partition.deliveries.list(webhookId, OPERATOR, { limit: 100 })?.deliveries,
    webhook: (webhookId = 'wh_1') => partition.webhooks.get(webhookId, OPERATOR),
    wake: () => partition.wake(),
    /** `to type` of what was published since this was last asked. */
    published: () => memory.takePublished().map(({ to, event }) => `${to} ${event.id}`),
  }
  return world
}
