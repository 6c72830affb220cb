import { readdirSync, readFileSync } from 'node:fs'
import { membersOf } from '../support/processes.ts'

const PAGE_BYTES = 4_096
const MEGABYTE = 1_048_576

export const median = (times: readonly number[]): number =>
  times.toSorted((left, right) => left - right)[Math.floor((times.length - 1) / 2)] ?? Number.NaN

/** The median and the 95th percentile, in milliseconds. */
export const quantiles = (timesMs: readonly number[]): string => {
  const sorted = [...timesMs].sort((left, right) => left - right)
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return `${at(0.5)} ms (p95 ${at(0.95)} ms)`
}

/** Memory and open files of each process of a group. Linux only. */
export const usageOf = (group: number): string =>
  membersOf(group)
    .map(({ pid, name }) => {
      const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')
      const megabytes = Math.round((Number(pages) * PAGE_BYTES) / MEGABYTE)
      return `${name} ${megabytes} MB, ${readdirSync(`/proc/${pid}/fd`).length} files`
    })
    .join('; ')
