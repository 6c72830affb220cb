import { z } from 'zod'
import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../kernel/trace.ts'
import type { QueueMessage } from '../messaging/consume.ts'
import type { Log } from '../messaging/partition.ts'
import type { AttemptOutcome } from './attempt-outcome.ts'
import type { AttemptReport, DeliveryAttempt, DeliveryReference } from './delivery-attempt.ts'

export type AttemptPorts = {
  /** Leases the deliveries that may be attempted now. */
  lease(references: readonly DeliveryReference[]): Promise<DeliveryAttempt[]>
  /** Returns the next attempt for the same address, where there is one. */
  record(report: AttemptReport): Promise<DeliveryAttempt[]>
  post(attempt: DeliveryAttempt): Promise<AttemptOutcome>
  /** Lets work go on that the batch does not wait for. */
  waitUntil(work: Promise<unknown>): void
  now(): Instant
  log: Log
}

/**
 * How long a Worker goes on with deliveries that wait for the same address. A look-up (3 s) and an attempt (15 s) may
 * follow. All of it ends within the 30 s that the platform allows for work that a batch does not wait for.
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
 * Attempts the deliveries of a batch. A message is only a reminder: the webhook partition keeps the delivery, and sends
 * another message where no outcome comes. So each message is acknowledged, whatever its outcome. The batch does not wait
 * for its attempts: the partition bounds how many are under way, and a slow address delays no other one.
 */
export const attemptDeliveries = async (
  messages: readonly QueueMessage[],
  ports: AttemptPorts,
): Promise<void> => {
  const references = messages.flatMap(({ body }) => referenceSchema.safeParse(body).data ?? [])
  try {
    const attempts = await ports.lease(references)
    ports.waitUntil(Promise.all(attempts.map((attempt) => attemptInTurn(attempt, ports))))
  } catch (error) {
    ports.log('warn', 'deliveries could not be leased; they are queued again', {
      traceIds: traceIdsOf(references),
      error: String(error),
    })
  }
  for (const message of messages) message.ack()
}

/** One attempt, and then the others that wait for the same address, one after the other. */
const attemptInTurn = async (first: DeliveryAttempt, ports: AttemptPorts): Promise<void> => {
  const goesOnUntil = ports.now() + GOES_ON_MS
  let attempt: DeliveryAttempt | undefined = first
  while (attempt !== undefined) attempt = await attemptOne(attempt, goesOnUntil, ports)
}

/** Each outcome is recorded at once, so that a slow address does not put the outcomes of others at risk. */
const attemptOne = async (
  attempt: DeliveryAttempt,
  goesOnUntil: Instant,
  { post, record, now, log }: AttemptPorts,
): Promise<DeliveryAttempt | undefined> => {
  const { webhookId, deliveryId } = attempt
  const outcome = await post(attempt)
  const traceId = traceIdOf(attempt)
  log('info', 'webhook attempted', { webhookId, deliveryId, traceId, attempt: attempt.attempt, ...outcome })
  const report = { webhookId, deliveryId, attempt: attempt.attempt, outcome }
  try {
    const [next] = await record({ ...report, wantsNext: now() < goesOnUntil })
    return next
  } catch (error) {
    log('warn', 'an outcome could not be recorded; the delivery is attempted again', {
      ...{ webhookId, deliveryId, traceId },
      error: String(error),
    })
    return undefined
  }
}
