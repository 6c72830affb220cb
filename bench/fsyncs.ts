import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const CALL = /\b(?:fsync|fdatasync)\(/g

/** Counts the calls with which processes wait for their disk while work runs. `null` where the machine has no `strace`. */
export const countFsyncs = async (
  pids: readonly number[],
  work: () => Promise<unknown>,
): Promise<number | null> => {
  const hasStrace = spawnSync('strace', ['--version'], { stdio: 'ignore' }).status === 0
  if (!hasStrace) {
    await work()
    return null
  }
  const attach = pids.flatMap((pid) => ['-p', String(pid)])
  const traced = spawn('strace', ['-f', '-q', '-e', 'trace=fsync,fdatasync', ...attach], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let calls = 0
  traced.stderr.setEncoding('utf8').on('data', (text: string) => {
    calls += text.match(CALL)?.length ?? 0
  })
  try {
    await work()
  } finally {
    traced.kill('SIGINT')
    await once(traced, 'exit')
  }
  return calls
}
