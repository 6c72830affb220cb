import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const FILE = resolve(import.meta.dirname, 'reachable-cells.json')
/** A cell that is visited this often in a run must be visited by every run of that length. */
const VISITS_MIN = 30

/** Cells that are known to be reachable and were not visited: the workload or the faults no longer get there. */
export const missingCells = (visited: Readonly<Record<string, number>>): string[] =>
  (JSON.parse(readFileSync(FILE, 'utf8')) as string[]).filter((cell) => visited[cell] === undefined)

export const saveCells = (visited: Readonly<Record<string, number>>): void => {
  const known = Object.entries(visited).filter(([, times]) => times >= VISITS_MIN)
  writeFileSync(FILE, `${JSON.stringify(known.map(([cell]) => cell).sort(), null, 2)}\n`)
}
