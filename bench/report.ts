import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { type Figures, mediansOf } from './figures.ts'
import { markdownTable } from './figures-in-page.ts'

/** The figures of one variant in the file of `--json`: the medians, and beside them what they come from. */
type Entry = Figures & { runs: Figures[]; mix: string; machine: string; date: string; command: string }

export type Report = {
  /** The runs of a variant so far. */
  runsOf(variant: string): readonly Figures[]
  /** Adds a run, and writes the file: a benchmark that is interrupted loses the run that it is in. */
  add(variant: string, figures: Figures): void
  table(): string
}

type File = { jsonFile: string | undefined; isResumed: boolean; mix: string }

export const createReport = ({ jsonFile, isResumed, mix }: File): Report => {
  const entries: Record<string, Entry> =
    isResumed && jsonFile !== undefined && existsSync(jsonFile)
      ? JSON.parse(readFileSync(jsonFile, 'utf8'))
      : {}
  return {
    runsOf: (variant) => entries[variant]?.runs ?? [],
    add: (variant, figures) => {
      const runs = [...(entries[variant]?.runs ?? []), figures]
      entries[variant] = { ...mediansOf(runs), ...about(mix), runs }
      if (jsonFile === undefined) return
      writeFileSync(`${jsonFile}.new`, `${JSON.stringify(entries, null, 2)}\n`)
      renameSync(`${jsonFile}.new`, jsonFile)
    },
    table: () => tableOf(entries),
  }
}

export const MACHINE = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`

const about = (mix: string) => ({
  mix,
  machine: MACHINE,
  date: new Date().toISOString().slice(0, 10),
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`,
})

type Column = readonly [title: string, value: (figures: Figures) => number | null, digits: number]

const COLUMNS: readonly Column[] = [
  ['settled/s', ({ settledPerSecond }) => settledPerSecond, 0],
  ['burst/s', ({ burstPerSecond }) => burstPerSecond, 0],
  ['own socket/s', ({ directBurstPerSecond }) => directBurstPerSecond, 0],
  ['CPU ms', ({ cpuMsPerOrder }) => cpuMsPerOrder, 1],
  ['own JS ms', ({ ownCpuMsPerOrder }) => ownCpuMsPerOrder, 2],
  ['rows', ({ rowsWrittenPerOrder }) => rowsWrittenPerOrder, 1],
  ['queue ops', ({ queueOperationsPerOrder }) => queueOperationsPerOrder, 1],
  ['$ per million', ({ dollarsPerMillion }) => dollarsPerMillion, 1],
  ['accept p50 at 50/s', ({ at50 }) => at50.acceptP50Ms, 0],
  ['settle p50', ({ at50 }) => at50.settleP50Ms, 0],
  ['settle p99', ({ at50 }) => at50.settleP99Ms, 0],
]

const tableOf = (entries: Readonly<Record<string, Figures>>): string =>
  markdownTable(
    ['', ...COLUMNS.map(([title]) => title)],
    Object.entries(entries).map(([name, figures]) => [
      name,
      ...COLUMNS.map(([, value, digits]) => value(figures)?.toFixed(digits) ?? '–'),
    ]),
  )
