import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { eventually } from './eventually.ts'
import { membersOf, signal } from './processes.ts'
import { freePort } from './running-system.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** What a build or a developer left there: a fresh checkout has none of it. */
const LEFT_OUT = /^(node_modules|\.git|\.wrangler|dist|coverage)$|[/]\.wrangler$|(^|[/])\.dev\.vars$/

/** A copy of the project as a fresh checkout, which a test may change. It uses the packages of this one. */
export const copyProject = (name: string) => {
  const folder = mkdtempSync(join(tmpdir(), `edge-orders-${name}-`))
  cpSync(ROOT, folder, { recursive: true, filter: (from) => !LEFT_OUT.test(from.slice(ROOT.length + 1)) })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

type Start = {
  /** The checkout whose `npm start` this is. */
  folder: string
  stateDir: string
  environment?: Record<string, string>
}

/** The program of `npm start` in a process group of its own. Resolves once it is ready. */
export const npmStart = async ({
  folder,
  stateDir,
  environment = {},
}: Start): Promise<{ port: number; end(): Promise<void> }> => {
  const port = await freePort()
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port), STATE_DIR: stateDir, ...environment },
  })
  const end = () => endGroup(child.pid ?? 0)
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    if (said.includes('edge-orders ready')) return { port, end }
  }
  await end()
  throw new Error(`npm start ended: ${said}`)
}

const endGroup = async (pid: number): Promise<void> => {
  signal(-pid, 'SIGTERM')
  await eventually(
    async () => membersOf(pid).length,
    (count) => count === 0,
  )
}
