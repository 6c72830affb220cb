import { z } from 'zod'
import { within } from '../../src/cloudflare/within.ts'
import { traceIdOf, traceIdsOf } from '../../src/kernel/trace.ts'
import type { Delivery as Message } from '../../src/messaging/consume.ts'
import type { Log } from '../../src/messaging/partition.ts'
import type { TryOutcome } from '../../src/operations/delivery.ts'
import type { DeliveryRef, Try, TryReport } from './webhook-deliveries.ts'

export type DeliveryTries = {
  begin(refs: readonly DeliveryRef[]): Promise<Try[]>
  record(report: TryReport): Promise<void>
  post(attempt: Try): Promise<TryOutcome>
  /** Lets work go on that the batch does not wait for. */
  waitUntil(work: Promise<unknown>): void
  log: Log
}

/** A healthy address answers within this. Slower ones go on beside the next batch: they hold up nobody else's. */
const PATIENCE_MS = 1_000

/** Messages of older code carry no trace. */
const refSchema = z.object({
  webhookId: z.string(),
  deliveryId: z.string(),
  traceparent: z.string().optional(),
})

/**
 * Tries what lies on the queue of deliveries. A message is only a reminder: what it reminds of is owed by the webhook
 * partition, which sends another where none is heard of. So each is acknowledged, whatever came of it.
 */
export const tryDeliveries = async (messages: readonly Message[], tries: DeliveryTries): Promise<void> => {
  const refs = messages.flatMap(({ body }) => refSchema.safeParse(body).data ?? [])
  try {
    const work = Promise.all((await tries.begin(refs)).map((attempt) => tryOne(attempt, tries)))
    tries.waitUntil(work)
    await within(PATIENCE_MS, 'a batch of deliveries', work).catch(() => {})
  } catch (error) {
    tries.log('warn', 'deliveries could not be begun; they are still owed', {
      traceIds: traceIdsOf(refs),
      error: String(error),
    })
  }
  for (const message of messages) message.ack()
}

/** Each outcome is recorded at once: a slow address does not put the others of its batch in doubt. */
const tryOne = async (attempt: Try, { post, record, log }: DeliveryTries): Promise<void> => {
  const { webhookId, deliveryId } = attempt
  const outcome = await post(attempt)
  const traceId = traceIdOf(attempt)
  log('info', 'webhook tried', { webhookId, deliveryId, traceId, attempt: attempt.attempt, ...outcome })
  try {
    await record({ webhookId, deliveryId, attempt: attempt.attempt, outcome })
  } catch (error) {
    log('warn', 'an outcome could not be recorded; the delivery is tried again', {
      ...{ webhookId, deliveryId, traceId },
      error: String(error),
    })
  }
}
