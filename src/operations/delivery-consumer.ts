import { z } from 'zod'
import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../kernel/trace.ts'
import type { QueueMessage } from '../messaging/consume.ts'
import type { Log } from '../messaging/partition.ts'
import type { AttemptReport, DeliveryAttempt, DeliveryReference } from './delivery-attempt.ts'
import type { AttemptOutcome } from './webhook-delivery.ts'

export type AttemptPorts = {
  begin(references: readonly DeliveryReference[]): Promise<DeliveryAttempt[]>
  /** Returns the next try for the same address, where there is one. */
  record(report: AttemptReport): Promise<DeliveryAttempt[]>
  post(attempt: DeliveryAttempt): Promise<AttemptOutcome>
  /** Lets work go on that the batch does not wait for. */
  waitUntil(work: Promise<unknown>): void
  now(): Instant
  log: Log
}

/**
 * For so long a worker goes on with what waits for the same address. With a look-up (3 s) and a try (15 s) after it, all
 * is over within the 30 s that the platform leaves to work that a batch does not wait for.
 */
const GOES_ON_MS = 10 * SECOND_MS

/** Messages of older code carry no trace. */
const referenceSchema = z.object({
  webhookId: z.string(),
  deliveryId: z.string(),
  traceparent: z.string().optional(),
  isUrgent: z.literal(true).optional(),
})

/**
 * Tries what lies on the queue of deliveries. A message is only a reminder: what it reminds of is owed by the webhook
 * partition, which sends another where none is heard of. So each is acknowledged, whatever came of it. No batch waits for
 * its tries: how many are under way is the partition's to bound, and a slow address holds up no other one.
 */
export const attemptDeliveries = async (
  messages: readonly QueueMessage[],
  tries: AttemptPorts,
): Promise<void> => {
  const references = messages.flatMap(({ body }) => referenceSchema.safeParse(body).data ?? [])
  try {
    const begun = await tries.begin(references)
    tries.waitUntil(Promise.all(begun.map((attempt) => attemptInTurn(attempt, tries))))
  } catch (error) {
    tries.log('warn', 'deliveries could not be begun; they are still owed', {
      traceIds: traceIdsOf(references),
      error: String(error),
    })
  }
  for (const message of messages) message.ack()
}

/** One try, and then what waits for the same address, one after the other. */
const attemptInTurn = async (first: DeliveryAttempt, tries: AttemptPorts): Promise<void> => {
  const goesOnUntil = tries.now() + GOES_ON_MS
  let attempt: DeliveryAttempt | undefined = first
  while (attempt !== undefined) attempt = await attemptOne(attempt, goesOnUntil, tries)
}

/** Each outcome is recorded at once: a slow address does not put the others of its batch in doubt. */
const attemptOne = async (
  attempt: DeliveryAttempt,
  goesOnUntil: Instant,
  { post, record, now, log }: AttemptPorts,
): Promise<DeliveryAttempt | undefined> => {
  const { webhookId, deliveryId } = attempt
  const outcome = await post(attempt)
  const traceId = traceIdOf(attempt)
  log('info', 'webhook tried', { webhookId, deliveryId, traceId, attempt: attempt.attempt, ...outcome })
  const report = { webhookId, deliveryId, attempt: attempt.attempt, outcome }
  try {
    const [next] = await record({ ...report, wantsNext: now() < goesOnUntil })
    return next
  } catch (error) {
    log('warn', 'an outcome could not be recorded; the delivery is tried again', {
      ...{ webhookId, deliveryId, traceId },
      error: String(error),
    })
    return undefined
  }
}
