import type { DomainEvent } from '../../../src/contracts/events.ts'
import type {
  AttemptReport,
  DeliveryAttempt,
  DeliveryReference,
} from '../../../src/operations/delivery-attempt.ts'
import type { AttemptPorts } from '../../../src/operations/delivery-consumer.ts'

/** All webhooks lie in one partition: every event has to be held against every one of them. */
export const webhookObject = (env: OperationsEnv) => env.WEBHOOKS.getByName('webhooks')

export const webhookSleeper = (env: OperationsEnv) => ({
  name: 'webhooks',
  rearm: async () => await webhookObject(env).rouse(),
})

/** An order partition that a Worker with fewer partitions left out hears what is wanted within ten minutes. */
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
    /** A partition of older code returns nothing. */
    record: async (report: AttemptReport): Promise<DeliveryAttempt[]> =>
      (await partition.record(report)) ?? [],
  } satisfies Omit<AttemptPorts, 'post' | 'waitUntil' | 'now' | 'log'> & Record<string, unknown>
}
