import { z } from 'zod'
import {
  COUNTERS,
  type CounterName,
  HISTOGRAMS,
  type HistogramName,
  type Labels,
  type Sample,
} from '../contracts/metrics.ts'
import { createMinutes, periodSchema } from './minutes.ts'
import type { Outgoing } from './outgoing.ts'
import type { PartitionHost } from './partition.ts'
import type { Sql } from './sql.ts'
import { readStored, storedType, toStored } from './stored-document.ts'

/*
 * What a partition counts. It counts in memory, and stores all counts as one document in a row that the alarm writes
 * anyway: the watermark. Only what is stored is shown. So a counter never falls, also not after a crash: Prometheus
 * would take a counter that falls as one that started again at 0, and would count everything once more. A crash loses
 * what was counted in the last seconds.
 *
 * The document also has what was counted in each minute of the last hour, and in each half hour of the day before it.
 * That may fall, so it is shown at once.
 */

/** A column of the table of watermarks. The document with the greatest `seq` counts. */
export const COUNTS_COLUMN = 'ALTER TABLE watermarks ADD COLUMN counts TEXT'

const countsSchema = z.object({
  /** Grows with each document that is stored. */
  seq: z.number(),
  counts: z.record(z.string(), z.number()),
  /** Counts of the buckets, with the one above the last bound, and the sum in seconds. */
  histograms: z.record(z.string(), z.object({ sum: z.number(), buckets: z.array(z.number()) })),
  minutes: z.array(periodSchema).readonly(),
  halfHours: z.array(periodSchema).readonly(),
})

type Counts = z.infer<typeof countsSchema>

/** What was counted since the partition exists. */
type Totals = Omit<Counts, 'minutes' | 'halfHours'>

/** Code of version 1 reads what this code stores, and leaves the minutes and half hours out. Code of version 2 has the minutes. */
export const COUNTS = storedType(
  'set of counts',
  countsSchema,
  [(older) => ({ minutes: [], ...older }), (older) => ({ halfHours: [], ...older })],
  1,
)

export const createCounters = (host: PartitionHost) => {
  const { minutes: knownMinutes, halfHours, ...known } = loadCounts(host.sql)
  let stored: Totals = known
  const current = structuredClone(stored)
  const minutes = createMinutes(host.now, { minutes: knownMinutes, halfHours })
  /** Changes since the start: counted, and stored. */
  let changes = 0
  let storedChanges = 0

  const add = (name: CounterName, labels: Labels = {}, by = 1): void => {
    if (by === 0) return
    const key = keyOf(name, labels)
    current.counts[key] = (current.counts[key] ?? 0) + by
    changes += 1
  }

  return {
    add,

    /** By the minute. It makes nothing to store: it rides along when something else is. */
    minutes,

    /** In a turn: counts once the turn has returned. */
    addAfterTurn: (name: CounterName, labels: Labels = {}, by = 1): void =>
      host.afterTurn(() => add(name, labels, by)),

    observe: (name: HistogramName, labels: Labels, seconds: number): void => {
      const key = keyOf(name, labels)
      const histogram = current.histograms[key] ?? emptyHistogram(name)
      current.histograms[key] = histogram
      const index = bucketOf(name, seconds)
      histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1
      histogram.sum += seconds
      changes += 1
    },

    /**
     * In a turn: counts so many events that change nothing, once the turn has returned. It wakes nothing: the next wake-up
     * stores it, whatever that one is for.
     */
    addDuplicates: (events: number): void =>
      host.afterTurn(() => add('edge_orders_duplicates_suppressed_total', {}, events)),

    /** In a turn: publishes outstanding events once more, and counts them. */
    publishAgain: (outgoing: readonly Outgoing[]): void => {
      host.afterTurn(() => add('edge_orders_events_resent_total', {}, outgoing.length))
      host.publish(outgoing)
    },

    /** In a turn: the document to store, where something was counted since the last one. It counts as stored after the turn. */
    toStore: (): string | undefined => {
      if (changes === storedChanges) return undefined
      current.seq = stored.seq + 1
      const snapshot = structuredClone(current)
      const changesStored = changes
      host.afterTurn(() => {
        stored = snapshot
        storedChanges = changesStored
      })
      return toStored(COUNTS, { ...snapshot, ...minutes.all() })
    },

    /** The stored counts of these metrics, with 0 for what was never counted. */
    samples: (names: readonly (CounterName | HistogramName)[]): Sample[] =>
      names.flatMap((name) => samplesOf(stored, name)),
  }
}

export type Counters = ReturnType<typeof createCounters>

const loadCounts = (sql: Sql): Counts => {
  const documents = sql<{ counts: string }>('SELECT counts FROM watermarks WHERE counts IS NOT NULL')
  return documents
    .map(({ counts }) => readStored(COUNTS, counts))
    .reduce((newest, each) => (each.seq > newest.seq ? each : newest), emptyCounts())
}

const emptyCounts = (): Counts => ({ seq: 0, counts: {}, histograms: {}, minutes: [], halfHours: [] })

/** The index of the bucket in which a value lies. */
export const bucketOf = (name: HistogramName, seconds: number): number => {
  const { bounds } = HISTOGRAMS[name]
  const bucket = bounds.findIndex((bound) => seconds <= bound)
  return bucket === -1 ? bounds.length : bucket
}

const emptyHistogram = (name: HistogramName) => ({
  sum: 0,
  buckets: [...HISTOGRAMS[name].bounds.map(() => 0), 0],
})

const keyOf = (name: string, labels: Labels): string => [name, ...Object.values(labels)].join('|')

const isHistogram = (name: CounterName | HistogramName): name is HistogramName => name in HISTOGRAMS

const samplesOf = ({ counts, histograms }: Totals, name: CounterName | HistogramName): Sample[] =>
  isHistogram(name)
    ? HISTOGRAMS[name].series.map((labels) => ({
        ...{ name, labels: { ...labels } },
        ...(histograms[keyOf(name, labels)] ?? emptyHistogram(name)),
      }))
    : COUNTERS[name].series.map((labels) => ({
        ...{ name, labels: { ...labels }, value: counts[keyOf(name, labels)] ?? 0 },
      }))
