import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/** More than a night of kills writes. Memory is taken only for bytes that are written. */
const SIZE = '2g'
const RESIZE_TRIES = 20

const HOLD = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && echo mounted && exec cat'
const RUN = 'cd "$1" && shift && exec "$@"'
const FILL = 'mount -o "remount,size=$(df --output=used -k "$1" | tail -n 1 | tr -d " ")k" "$1"'
const FREE = 'mount -o "remount,size=$2" "$1"'

/** A disk that can be full. Only the processes that run on it see it. */
export type Disk = {
  /** The command and its arguments, run in a folder by a process that sees the disk. */
  command(cwd: string, command: string, ...args: string[]): [string, string[]]
  /** Fills the disk, so that no process can write to it. */
  fill(): void
  free(): void
  remove(): void
}

/**
 * A disk in memory, in a namespace of this process, where an unprivileged user may mount one. It disappears with the
 * process. `undefined` where namespaces are not allowed, or do not exist.
 */
export const createDisk = (dir: string): Promise<Disk | undefined> => {
  mkdirSync(dir, { recursive: true })
  const holder = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', HOLD, 'sh', SIZE, dir], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const enter = ['--target', String(holder.pid), '--user', '--mount', '--preserve-credentials', 'sh', '-c']
  const inside = (script: string, ...args: string[]) =>
    execFileSync('nsenter', [...enter, script, 'sh', dir, ...args], { stdio: 'pipe' })
  const disk: Disk = {
    command: (cwd, ...command) => ['nsenter', [...enter, RUN, 'sh', cwd, ...command]],
    fill: () => {
      for (let tries = 1; ; tries += 1) {
        try {
          inside(FILL)
          return
        } catch (error) {
          // More was written between the measurement and the resize.
          if (tries === RESIZE_TRIES) throw error
        }
      }
    },
    free: () => inside(FREE, SIZE),
    remove: () => holder.stdin.end(),
  }
  return new Promise((resolve) => {
    holder.stdout.once('data', () => resolve(disk))
    holder.once('error', () => resolve(undefined))
    holder.once('exit', () => resolve(undefined))
  })
}
