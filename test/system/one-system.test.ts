import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { membersOf, signal } from '../support/processes.ts'
import { freePort } from '../support/running-system.ts'

const START = resolve(import.meta.dirname, '../../scripts/start.mjs')
const stateDir = mkdtempSync(join(tmpdir(), 'edge-orders-one-'))
const groups: number[] = []

afterAll(async () => {
  await Promise.all(groups.map(endGroup))
  rmSync(stateDir, { recursive: true, force: true })
})

describe('two systems on one state folder', () => {
  it('a second npm start names the first, and the first goes on', async () => {
    const port = await freePort()
    const first = start(port)
    expect(await first.until(/edge-orders ready/)).toBe('seen')

    const second = start(await freePort())
    expect(await second.until(/edge-orders ready/)).toBe('ended')
    expect(second.said()).toContain(
      `Another system runs on the state in ${stateDir}: process ${first.pid}, on port ${port}.`,
    )
    expect(await statusOf(port, '/readyz')).toBe(200)
    // Not wrangler's explorer of all that is stored, which asks for no key.
    expect(await statusOf(port, '/cdn-cgi/local/explorer')).toBe(401)
  })

  it('a second does not start on what a killed first one has left running', async () => {
    await Promise.all(groups.splice(0).map(endGroup))
    const first = start(await freePort())
    expect(await first.until(/edge-orders ready/)).toBe('seen')
    for (const { pid, name } of membersOf(first.pid)) if (!name.startsWith('workerd')) signal(pid, 'SIGKILL')
    const left = membersOf(first.pid).map(({ pid }) => pid)
    expect(left).not.toEqual([])

    const second = start(await freePort())
    expect(await second.until(/edge-orders ready/)).toBe('ended')
    const named = /in use by process (\d+)/.exec(second.said())
    expect(left).toContain(Number(named?.[1]))

    await endGroup(first.pid)
    expect(await start(await freePort()).until(/edge-orders ready/)).toBe('seen')
  })
})

const statusOf = async (port: number, path: string) => (await fetch(`http://localhost:${port}${path}`)).status

/** In a process group of its own, as a terminal starts it. */
const start = (port: number) => {
  const child = spawn(process.execPath, [START], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: String(port), STATE_DIR: stateDir },
  })
  const pid = child.pid ?? 0
  groups.push(pid)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return { pid, said: () => output, until: (pattern: RegExp) => untilSaid(child, () => pattern.test(output)) }
}

const untilSaid = async (child: ChildProcess, isSaid: () => boolean): Promise<'seen' | 'ended'> => {
  const ended = once(child, 'close').then(() => 'ended' as const)
  const seen = async () => {
    while (!isSaid()) await sleep(50)
    return 'seen' as const
  }
  return await Promise.race([ended, seen()])
}

const endGroup = async (group: number): Promise<void> => {
  while (membersOf(group).length > 0) {
    signal(-group, 'SIGKILL')
    await sleep(20)
  }
}
