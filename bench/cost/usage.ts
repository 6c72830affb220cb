import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'smol-toml'
import { type Count, total } from '../counting/counts.ts'
import type { Usage } from './prices.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const BANKS = ['SimulatedBankObject', 'BankObject']

/** The simulated bank's rows and calls: a real bank costs none. */
export const isOurs = ({ where }: Count): boolean => !BANKS.includes(where)

/** D1 databases are bindings, and their names say so. Everything else with rows is a class of objects. */
const isDatabase = ({ where }: Count): boolean => where.endsWith('DB')

/** Cloudflare does not say how many bytes a span counts: it carries about fifteen attributes on each. */
const SPAN_BYTES = 500
/** One log entry of the platform's own for each invocation of a Worker or an object. */
const INVOCATION_LOG_BYTES = 1_000
/** The emulator's processor time is no measure of the platform's. This is a guess on the safe side. */
const CPU_MS_OF_AN_ORDER = 2

/** What orders of which so much was counted use of each meter, each. */
export const usagePerOrder = (counts: readonly Count[], orders: number): Usage => ({
  ...usageOf(counts.map((count) => ({ ...count, sum: count.sum / orders }))),
  workerCpuMs: CPU_MS_OF_AN_ORDER,
})

/** What was used of each meter, without processor time. */
export const usageOf = (counts: readonly Count[]): Usage => {
  const ours = counts.filter(isOurs)
  const rows = (counted: 'rowsRead' | 'rowsWritten', ofDatabases: boolean): number =>
    total(ours, counted, (count) => isDatabase(count) === ofDatabases)
  const invocations = total(ours, 'workerRequests') + total(ours, 'objectRequests')
  const { logs, spans } = SAMPLING
  const logBytes = logs * (total(ours, 'logBytes') + invocations * INVOCATION_LOG_BYTES)
  return {
    workerRequests: total(ours, 'workerRequests'),
    workerCpuMs: 0,
    objectRequests: total(ours, 'objectRequests'),
    objectActiveMs: total(ours, 'objectActiveMs'),
    objectRowsRead: rows('rowsRead', false),
    objectRowsWritten: rows('rowsWritten', false),
    databaseRowsRead: rows('rowsRead', true),
    databaseRowsWritten: rows('rowsWritten', true),
    queueOperations: total(ours, 'queueOperations'),
    logKilobytes: (logBytes + spans * total(ours, 'spans') * SPAN_BYTES) / 1_000,
  }
}

type Observability = {
  enabled?: boolean
  head_sampling_rate?: number
  logs?: { enabled?: boolean; head_sampling_rate?: number }
  traces?: { enabled?: boolean; head_sampling_rate?: number }
}

/** The shares of invocations whose logs and spans are kept. All Workers have the settings of `wrangler.toml`. */
const samplingOf = ({ enabled = false, head_sampling_rate = 1, logs, traces }: Observability) => {
  const share = (of: Observability['logs']) =>
    (of?.enabled ?? enabled) ? (of?.head_sampling_rate ?? head_sampling_rate) : 0
  return { logs: share(logs), spans: share(traces) }
}

const settings = parse(readFileSync(resolve(ROOT, 'wrangler.toml'), 'utf8'))

export const SAMPLING = samplingOf((settings['observability'] ?? {}) as Observability)
