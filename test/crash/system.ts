import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { membersOf, signal } from '../support/processes.ts'
import type { Disk } from './disk.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Time for the kernel to remove killed processes, on a busy machine. */
const GONE_WITHIN_MS = 15_000
const OUTPUT_LINES_MAX = 60

/** One life of the whole system: a process group that a kill ends. */
export type Life = {
  group: number
  startedAt: number
  /** Resolves with the time at which the system printed that it is ready; rejects if it ended before. */
  ready: Promise<number>
  isKilled: boolean
}

export type SystemOptions = {
  port: number
  stateDir: string
  tempDir: string
  /** The disk of the state, if it is not the machine's own. */
  disk?: Disk | undefined
}

/** The system as a user starts it, in a process group of its own. */
export const createSystem = ({ port, stateDir, tempDir, disk }: SystemOptions) => {
  const lives: Life[] = []
  const output: string[] = []
  const script = join(ROOT, 'scripts/start.mjs')
  const [command, args] = disk?.command(ROOT, process.execPath, script) ?? [process.execPath, [script]]

  return {
    /** `environment`: more variables for `npm start`. */
    start: (environment: Record<string, string> = {}): Life => {
      mkdirSync(tempDir, { recursive: true })
      const child = spawn(command, args, {
        cwd: ROOT,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          ...environment,
          PORT: String(port),
          STATE_DIR: stateDir,
          // Every kill leaves temporary files behind.
          TMPDIR: tempDir,
          // As under `npm start`: the system stops by itself if this process is killed with SIGKILL.
          npm_lifecycle_event: 'start',
        },
      })
      const life = {
        group: groupOf(child),
        startedAt: Date.now(),
        ready: whenReady(child, output),
        isKilled: false,
      }
      // A caller that kills the system during its start-up does not await `ready`.
      life.ready.catch(() => undefined)
      lives.push(life)
      return life
    },

    /** Kills every process of the group at once, and waits until none is left. */
    kill: async (life: Life): Promise<void> => {
      life.isKilled = true
      for (const giveUpAt = Date.now() + GONE_WITHIN_MS; membersOf(life.group).length > 0; ) {
        signal(-life.group, 'SIGKILL')
        if (Date.now() > giveUpAt) throw new Error(`process group ${life.group} survives SIGKILL`)
        await sleep(20)
      }
    },

    isRunning: (life: Life): boolean => membersOf(life.group).length > 0,

    /** For process exit, where nothing can be awaited. */
    killNow: (): void => {
      for (const { group } of lives) if (membersOf(group).length > 0) signal(-group, 'SIGKILL')
    },

    disk,
    lastOutput: (): string => output.join('\n'),
  }
}

export type System = ReturnType<typeof createSystem>

const groupOf = (child: ChildProcess): number => {
  if (child.pid === undefined) throw new Error('node scripts/start.mjs could not be started')
  return child.pid
}

const whenReady = (child: ChildProcess, output: string[]): Promise<number> =>
  new Promise((resolveReady, reject) => {
    const keep = (chunk: Buffer) => {
      const text = chunk.toString()
      if (text.includes('edge-orders ready on')) resolveReady(Date.now())
      output.push(...text.split('\n').filter((line) => line.trim() !== ''))
      output.splice(0, output.length - OUTPUT_LINES_MAX)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', reject)
    child.once('exit', (code, by) =>
      reject(new Error(`the system ended before it was ready, with ${by ?? `code ${code}`}`)),
    )
  })
