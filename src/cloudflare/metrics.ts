import { gauge, type Sample } from '../contracts/metrics.ts'
import { type Instant, SECOND_MS, secondsSince } from '../kernel/instant.ts'
import { rarely } from '../messaging/rarely.ts'
import { createSharedResult } from './shared-result.ts'
import { within } from './within.ts'

/** However many ask: a partition measures itself at most once in this time, and an isolate asks it at most once. */
const MEASURED_EVERY_MS = 5 * SECOND_MS

/** A part that does not respond in this time is left out. Prometheus waits ten seconds for all of them. */
const RESPONSE_MS_MAX = 4 * SECOND_MS

/** What a partition counts and measures, with the size of its database. For its Durable Object. */
export const createMeasure = (ctx: DurableObjectState, measure: () => Sample[]): (() => Sample[]) =>
  rarelyMeasured(() => [
    ...measure(),
    gauge('edge_orders_partition_size_bytes', ctx.storage.sql.databaseSize),
  ])

/** A measurement that a partition makes at most once in five seconds. */
export const rarelyMeasured = <Value>(measure: () => Value): (() => Value) =>
  rarely(Date.now, MEASURED_EVERY_MS, measure)

/** Of all who ask in an isolate at about the same time, one measures. */
export const createSharedMeasure = <Value = Sample[]>() =>
  createSharedResult<Value>({
    now: Date.now,
    freshMs: () => MEASURED_EVERY_MS,
    withinMs: 2 * RESPONSE_MS_MAX,
  })

/** A partition, as the Worker in front of it asks it. */
export type MeasuredPartition = { name: string; measure(): Promise<Sample[]> }

/** The series of all partitions, each under the partition's name. One that does not respond has `up` 0, and no other. */
export const measurePartitions = async (partitions: readonly MeasuredPartition[]): Promise<Sample[]> =>
  (await Promise.all(partitions.map(measureOne))).flat()

const measureOne = async ({ name, measure }: MeasuredPartition): Promise<Sample[]> => {
  const samples = await orNothing(measure())
  const all = [...(samples ?? []), gauge('edge_orders_partition_up', samples === undefined ? 0 : 1)]
  return all.map((sample) => ({ ...sample, labels: { partition: name, ...sample.labels } }))
}

/** The sizes of D1 databases by their names. One that does not respond is left out. */
export const measureDatabases = async (
  databases: Readonly<Record<string, D1Database>>,
): Promise<Sample[]> => {
  const measured = Object.entries(databases).map(async ([database, binding]) => {
    const read = await orNothing(binding.prepare('SELECT 1').run())
    return read === undefined
      ? []
      : [gauge('edge_orders_database_size_bytes', read.meta.size_after, { database })]
  })
  return (await Promise.all(measured)).flat()
}

/** The backlogs of queues by their names, such as `order-inbox`. A queue that does not respond is left out. */
export const measureQueues = async (queues: Readonly<Record<string, Queue>>): Promise<Sample[]> => {
  const measured = Object.entries(queues).map(async ([name, queue]) => {
    const backlog = await orNothing(queue.metrics())
    return backlog === undefined ? [] : backlogSamples(name, backlog, Date.now())
  })
  return (await Promise.all(measured)).flat()
}

const backlogSamples = (
  queue: string,
  { backlogCount, backlogBytes, oldestMessageTimestamp }: QueueMetrics,
  now: Instant,
): Sample[] => {
  const oldestAt = backlogCount > 0 ? oldestMessageTimestamp?.getTime() : undefined
  return [
    gauge('edge_orders_queue_messages', backlogCount, { queue }),
    gauge('edge_orders_queue_size_bytes', backlogBytes, { queue }),
    gauge('edge_orders_queue_oldest_message_seconds', secondsSince(oldestAt, now), { queue }),
  ]
}

/** What a part responds. Undefined where it fails or takes too long. */
export const orNothing = async <Value>(response: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await within(RESPONSE_MS_MAX, 'measuring', response)
  } catch {
    return undefined
  }
}
