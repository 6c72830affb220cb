import type { Latencies } from './measure.ts'
import { median } from './statistics.ts'

/** What is measured of one variant. `README.md` explains each figure. */
export type Figures = {
  settledPerSecond: number
  burstPerSecond: number
  cpuMsPerOrder: number
  /** `null` for every variant but ours. */
  ownCpuMsPerOrder: number | null
  rowsWrittenPerOrder: number
  queueOperationsPerOrder: number
  dollarsPerMillion: number
  at50: Latencies
  atHalf: Latencies
  /** The rate at which rows, operations, calls, messages, fsyncs and dollars were counted. */
  countedAtPerSecond: number
  objectRequestsPerOrder: number
  databaseCallsPerOrder: number
  workerRequestsPerOrder: number
  messagesPerOrder: number
  /** `null` where the machine has no `strace`. */
  fsyncsPerOrder: number | null
  acceptedPerSecond: number
  directBurstPerSecond: number
  directCpuMsPerOrder: number
  residentMegabytes: number
  /** False where no rate had a flat backlog: then the machine was too busy, and `settledPerSecond` is a lower bound. */
  isBacklogFlat: boolean
  ownCpuMsByPart: Readonly<Record<string, number>> | null
}

/** The median of each figure by itself. */
export const mediansOf = (runs: readonly Figures[]): Figures => medianOf(runs) as Figures

const medianOf = (values: readonly unknown[]): unknown => {
  const [first] = values
  if (typeof first === 'boolean') return values.every(Boolean)
  if (typeof first === 'number') return median(values.filter((value) => typeof value === 'number'))
  if (typeof first !== 'object' || first === null) return first
  return Object.fromEntries(
    Object.keys(first).map((name) => [
      name,
      medianOf(values.map((value) => (value as Record<string, unknown>)[name])),
    ]),
  )
}
