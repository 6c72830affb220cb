import type { DomainEvent } from '../../../src/contracts/events.ts'
import type {
  AttemptReport,
  DeliveryAttempt,
  DeliveryReference,
} from '../../../src/operations/delivery-attempt.ts'
import type { AttemptPorts } from '../../../src/operations/delivery-consumer.ts'

/** All webhooks are in one partition, because every event is compared with each of them. */
export const webhookObject = (env: OperationsEnv) => env.WEBHOOKS.getByName('webhooks')

/** For the cron trigger: the webhook partition sets its alarm again where that is missing. */
export const rearmedWebhooks = (env: OperationsEnv) => ({
  name: 'webhooks',
  rearm: async () => await webhookObject(env).rouse(),
})

/** For the metrics. */
export const measuredWebhooks = (env: OperationsEnv) => ({
  name: 'webhooks',
  measure: async () => await webhookObject(env).measure(),
})

/**
 * For the cron trigger: sends the wanted facts to the order partitions again. A Worker that knew fewer partitions may
 * have left some out; they get the facts within ten minutes.
 */
export const webhookReminder = (env: OperationsEnv) => ({
  name: 'webhooks',
  rearm: async () => await webhookObject(env).remind(),
})

/** The webhook partition as the consumers of queues see it. */
export const webhookPartition = (env: OperationsEnv) => {
  const partition = webhookObject(env)
  return {
    accept: async (events: readonly DomainEvent[]) => (await partition.accept(events)) ?? [],
    acknowledge: async (factIds: readonly string[]) => await partition.note(factIds),
    lease: async (references: readonly DeliveryReference[]) => await partition.begin(references),
    /** A partition of older code returns undefined. */
    record: async (report: AttemptReport): Promise<DeliveryAttempt[]> =>
      (await partition.record(report)) ?? [],
  } satisfies Omit<AttemptPorts, 'post' | 'waitUntil' | 'now' | 'log'> & Record<string, unknown>
}
