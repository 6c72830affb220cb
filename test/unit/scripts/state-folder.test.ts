import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MODULE = new URL('../../../scripts/start/state-folder.mjs', import.meta.url).href

/** Claims the folder as a system on the port would, says what came of it, and stays. */
const CLAIM = `
  const [, stateDir, port, withinMs] = process.argv
  const { claimStateFolder } = await import(${JSON.stringify(MODULE)})
  await claimStateFolder({ stateDir, port: Number(port) }, Number(withinMs)).then(
    () => console.log('claimed'),
    (error) => console.log(error.message),
  )
  setInterval(() => {}, 1_000)
`

/** Keeps a database open as a runtime keeps its own. */
const RUNTIME = `
  const [, file] = process.argv
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS alarms (id); SELECT * FROM alarms')
  console.log('open')
  setInterval(() => database.isOpen, 1_000)
`

const children: ChildProcess[] = []
let stateDir = ''

beforeEach(() => {
  stateDir = join(mkdtempSync(join(tmpdir(), 'edge-orders-state-')), 'state')
})

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill))
  rmSync(join(stateDir, '..'), { recursive: true })
})

describe('a state folder', () => {
  it('is made, and belongs to the system that claims it', async () => {
    expect(await claim(9000)).toMatchObject({ said: 'claimed' })
    expect(existsSync(stateDir)).toBe(true)
  })

  it('refuses a second system, and names the first and how to start beside it', async () => {
    const { child } = await claim(9000)
    expect((await claim(9001, 300)).said).toBe(
      [
        `Another system runs on the state in ${stateDir}: process ${child.pid}, on port 9000.`,
        `Use that system, or stop it (kill ${child.pid}). To run a second system, give it its own port and state: PORT=9001 STATE_DIR=.wrangler/state-9001 npm start`,
      ].join('\n'),
    )
  })

  it('is free again once its owner was killed outright', async () => {
    const { child } = await claim(9000)
    await kill(child)
    expect((await claim(9001)).said).toBe('claimed')
  })

  it('is waited for while its owner stops', async () => {
    const { child } = await claim(9000)
    const next = claim(9001)
    await kill(child)
    expect((await next).said).toBe('claimed')
  })

  it('lets exactly one in of many that start at once', async () => {
    const all = await Promise.all([9000, 9001, 9002, 9003].map((port) => claim(port, 300)))
    expect(all.map(({ said }) => said.startsWith('claimed')).sort()).toEqual([false, false, false, true])
  })

  it('is free if its last owner has ended, even if another process has the number of that owner now', async () => {
    mkdirSync(stateDir)
    writeFileSync(join(stateDir, 'owner.json'), JSON.stringify({ pid: process.pid, port: 9000 }))
    expect((await claim(9001)).said).toBe('claimed')
  })

  it('refuses a system while a runtime still uses it, even one that no system started', async () => {
    const runtime = await openDatabase('v3/do/edge-orders-OrderObject')
    const refused = await claim(9000, 300)
    expect(refused.said).toContain(`The state in ${stateDir} is in use by process ${runtime.pid}: `)
    expect(refused.said).toContain(`Stop it (kill ${runtime.pid}), and start again.`)
    await kill(runtime)
    expect((await claim(9001)).said).toBe('claimed')
  })
})

/** Those that are let in wait as long as it takes: only a refusal takes its time. */
const claim = async (port: number, withinMs = 30_000) => {
  const child = run(CLAIM, [stateDir, String(port), String(withinMs)])
  return { child, said: await firstWords(child) }
}

const openDatabase = async (folder: string) => {
  mkdirSync(join(stateDir, folder), { recursive: true })
  const child = run(RUNTIME, [join(stateDir, folder, 'metadata.sqlite')])
  expect(await firstWords(child)).toBe('open')
  return child
}

const run = (code: string, args: string[]): ChildProcess => {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', code, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

const firstWords = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error('the child has no output')
  const [words] = await once(stdout, 'data')
  return String(words).trim()
}

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
