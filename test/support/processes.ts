import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export type Member = { pid: number; name: string }

/** The living processes of a group; one that is dead and not yet buried does not count. */
export const membersOf = (group: number): Member[] =>
  (existsSync('/proc/self/stat') ? fromProc() : fromPs())
    .filter((each) => each.group === group && !each.state.startsWith('Z'))
    .map(({ pid, name }) => ({ pid, name }))

/** Signals a process, or with a negative id a whole group; one that is gone already is no fault. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

type Listed = Member & { group: number; state: string }

const fromProc = (): Listed[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat)

/** `pid (name) state parent group …`, where the name may hold anything. */
const readStat = (pid: string): Listed[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const end = stat.lastIndexOf(')')
    const [state = '', , group = ''] = stat.slice(end + 2).split(' ')
    return [{ pid: Number(pid), name: stat.slice(stat.indexOf('(') + 1, end), state, group: Number(group) }]
  } catch {
    // It ended while we were reading.
    return []
  }
}

const fromPs = (): Listed[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', group = '', state = '', ...name] = line.trim().split(/\s+/)
      const path = name.join(' ')
      return {
        pid: Number(pid),
        group: Number(group),
        state,
        name: path.slice(path.lastIndexOf('/') + 1),
      }
    })
