import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { membersOf, signal } from '../support/processes.ts'
import { freePort } from '../support/running-system.ts'

const START = resolve(import.meta.dirname, '../../scripts/start.mjs')
const stateDir = mkdtempSync(join(tmpdir(), 'edge-orders-proxy-'))
const groups: number[] = []

afterAll(async () => {
  for (const group of groups) {
    while (membersOf(group).length > 0) {
      signal(-group, 'SIGKILL')
      await sleep(20)
    }
  }
  rmSync(stateDir, { recursive: true, force: true })
})

describe('npm start, when a runtime of wrangler is killed', () => {
  it('ends with an error and no process left where it was the proxy on the port, and starts again', async () => {
    const first = await start()
    signal(runtimeWith(first, `entry=localhost:${first.port}`), 'SIGKILL')
    expect(await first.ended).toEqual([1, null])
    expect(first.output()).toContain(
      `Wrangler's proxy, the process that listens on port ${first.port}, crashed or was killed.`,
    )
    await eventually(
      async () => membersOf(first.group),
      (left) => left.length === 0,
    )

    expect(await healthOf(await start())).toBe(200)
  })

  it('goes on where it was the runtime of the Workers, which wrangler replaces', async () => {
    const system = await start()
    signal(runtimeWith(system, 'entry=127.0.0.1:'), 'SIGKILL')
    // In between wrangler's proxy responds with 500.
    await eventually(
      () => healthOf(system),
      (status) => status === 200,
      { withinMs: 60_000, everyMs: 250 },
    )
    expect(membersOf(system.group).filter(({ name }) => name.startsWith('workerd'))).toHaveLength(2)
  })
})

type Started = Awaited<ReturnType<typeof start>>

const start = async () => {
  await Promise.all(groups.filter((group) => membersOf(group).length > 0).map(stopGroup))
  const port = await freePort()
  const child = spawn(process.execPath, [START], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: String(port), STATE_DIR: stateDir },
  })
  const group = child.pid ?? 0
  groups.push(group)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'exit')
  while (!output.includes('edge-orders ready')) {
    if (child.exitCode !== null) throw new Error(output)
    await sleep(50)
  }
  return { port, group, ended, output: () => output }
}

const stopGroup = async (group: number): Promise<void> => {
  signal(group, 'SIGTERM')
  while (membersOf(group).length > 0) await sleep(20)
}

/** The runtime that was started with the argument. */
const runtimeWith = ({ group }: Started, argument: string): number => {
  const runtimes = membersOf(group).filter(({ name }) => name.startsWith('workerd'))
  const found = runtimes.find(({ pid }) => argumentsOf(pid).includes(argument))
  if (found === undefined) throw new Error(`no runtime of ${JSON.stringify(runtimes)} has ${argument}`)
  return found.pid
}

const argumentsOf = (pid: number): string =>
  execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })

const healthOf = async ({ port }: Started): Promise<number> =>
  (await fetch(`http://localhost:${port}/healthz`)).status
