import type { Subscriber } from '../../../src/contracts/topology.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { traceIdsOf } from '../../../src/kernel/trace.ts'
import type { QueueMessage } from '../../../src/messaging/consume.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { eventsIn, sortDeadMessage } from '../../../src/operations/dead-letters.ts'
import { keepLetters } from './letter-storage.ts'
import { countExhausted } from './letter-table.ts'

/** No queue comes after a dead-letter queue. So storing is tried again for days, at least once an hour. */
const RETRY_SECONDS_MIN = 60
const RETRY_SECONDS_MAX = 3_600

type Keep = { consumer: Subscriber; database: D1Database; defaultCurrency: string; now: number; log: Log }

/** Stores the messages of a dead-letter queue. They are acknowledged only after that. */
export const keepDeadMessages = async (deliveries: readonly QueueMessage[], keep: Keep): Promise<void> => {
  const { consumer, database, defaultCurrency, log } = keep
  const seenAt = toTimestamp(keep.now)
  const sorted = deliveries.map(({ body, attempts, sentAt }) =>
    sortDeadMessage({ consumer, body, attempts, sentAt: toTimestamp(sentAt) }, defaultCurrency),
  )
  try {
    await keepLetters(
      database,
      sorted.flatMap((each) => each.letters),
      seenAt,
    )
    await countExhausted(
      database,
      sorted.flatMap((each) => each.exhausted),
      seenAt,
    )
    for (const delivery of deliveries) delivery.ack()
  } catch (error) {
    log('error', 'dead letters could not be kept', {
      consumer,
      messages: deliveries.length,
      traceIds: traceIdsOf(deliveries.flatMap(({ body }) => eventsIn(body))),
      error: String(error),
    })
    for (const delivery of deliveries) delivery.retry(retrySeconds(delivery.attempts))
  }
}

const retrySeconds = (attempts: number): number =>
  Math.min(RETRY_SECONDS_MIN * 2 ** Math.min(attempts - 1, 10), RETRY_SECONDS_MAX)
