import { readFileSync } from 'node:fs'

/** Linux counts processor time in ticks of 10 ms (`getconf CLK_TCK` is 100 on every platform that it runs on). */
const TICK_MS = 10

/** The processor time of a process and all that it started, in ms so far. Linux only: it reads `/proc`. */
export const processorTimeMs = (pid: number): number =>
  processesBelow(pid).reduce((sum, each) => sum + ticksOf(each) * TICK_MS, 0)

/** The memory that a process and all that it started have in use, in bytes. */
export const residentBytes = (pid: number): number =>
  processesBelow(pid).reduce((sum, each) => sum + residentKilobytesOf(each) * 1_024, 0)

/** A process and all that it started. */
export const processesBelow = (pid: number): number[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return [pid, ...children.map(Number).flatMap(processesBelow)]
}

/** In user and in system mode: fields 14 and 15 of proc(5). The second field may hold spaces, so counting starts after it. */
const ticksOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

const residentKilobytesOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
