import { readdirSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSystem } from '../crash/system.ts'
import { missingLine } from '../support/answer-shape.ts'
import { startSystem } from '../support/harness.ts'
import { type PastedBlock, pastedBlocks } from '../support/pasted-blocks.ts'
import { freePort } from '../support/running-system.ts'
import { openShell, type Shell } from '../support/shell-session.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Debian's packages `bash` and `zsh`; the latter is the shell of every Mac. */
const SHELLS: Shell[] = ['bash', 'zsh']

/** A reader's machine has more time than ours: whatever a document waits for, we wait for longer. */
const PATIENCE = 'sleep() { command sleep $(($1 * 3)); }'

const BLOCK_WITHIN_MS = 180_000

/** What the first start makes, as .gitignore knows. */
const MADE_BY_START = ['.dev.vars', '.wrangler']

describe.each(SHELLS)('in %s, block by block', (shell) => {
  let port: number
  let folder: string
  let system: ReturnType<typeof createSystem>
  let life: ReturnType<typeof system.start>
  let session: Awaited<ReturnType<typeof openShell>>

  beforeEach(async () => {
    port = await freePort()
    folder = await mkdtemp(join(tmpdir(), 'edge-orders-documents-'))
    const stateDir = join(folder, 'state')
    system = createSystem({ port, stateDir, tempDir: join(folder, 'temp') })
    life = system.start()
    session = await openShell(shell, ROOT, { PORT: String(port), STATE_DIR: stateDir })
    await session.paste(PATIENCE)
    await life.ready
  })

  afterEach(async () => {
    await session.close()
    await system.kill(life)
    await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 500 })
  })

  /** Pastes one block after the other, and looks for what the document shows below it. */
  const follow = async (blocks: readonly PastedBlock[]): Promise<void> => {
    for (const [index, { commands, answer = '' }] of blocks.entries()) {
      const output = await session.paste(commands.replaceAll(':8787', `:${port}`).trimEnd(), BLOCK_WITHIN_MS)
      expect([missingLine(answer, output), output]).toEqual([undefined, output])
      expect(output).not.toMatch(/^(zsh|bash): /m)
      if (commands.includes('npm start &'))
        await session.shows('edge-orders ready on', startsIn(blocks, index))
    }
  }

  it('README.md and docs/tour.md give the answers that they show, without a warning and without leaving a file behind', async () => {
    const filesBefore = readdirSync(ROOT)
    const ofTour = (heading: string) =>
      pastedBlocks('docs/tour.md').filter((block) => block.heading === heading)
    await follow(pastedBlocks('README.md').filter(({ heading }) => heading === 'A first order'))
    await follow(ofTour('The system by hand'))
    await system.kill(life)
    await follow([...ofTour('Try to break it'), ...ofTour('Keys for your clients')])
    expect(
      session
        .printed()
        .split('\n')
        .filter((line) => /WARN|ERROR|"level":"(warn|error)"/.test(line)),
    ).toEqual([])
    const files = readdirSync(ROOT).filter((file) => !MADE_BY_START.includes(file))
    expect(files).toEqual(filesBefore.filter((file) => !MADE_BY_START.includes(file)))
  })

  // The same commands as in the tour, so one shell is enough.
  it.runIf(shell === 'bash')('docs/api.md gives the answers that it shows', async () => {
    await follow(pastedBlocks('docs/api.md'))
  })
})

it('docs/client.md writes types that compile, also in a project that has TypeScript 7 and the generator beside it', async () => {
  const system = await startSystem()
  const folder = await mkdtemp(join(tmpdir(), 'edge-orders-project-'))
  await makeProject(folder)
  const session = await openShell('zsh', folder, {})
  const blocks = pastedBlocks('docs/client.md').map(({ commands }) => commands)
  const commands = blocks.find((block) => block.includes('openapi-typescript')) ?? ''
  const { origin } = new URL(await system.address())
  const output = await session.paste(
    commands.replace('http://localhost:8787', origin).trimEnd(),
    BLOCK_WITHIN_MS,
  )
  const compiled = await session.paste(
    'node node_modules/typescript/bin/tsc --noEmit --strict api.ts && echo compiled',
  )
  await session.close()
  await system.close()
  await rm(folder, { recursive: true })
  expect(compiled, output).toMatch(/^compiled$/m)
})

/** All that is installed here, but TypeScript 7 as `typescript`, and a generator that finds it. */
const makeProject = async (folder: string): Promise<void> => {
  const modules = join(ROOT, 'node_modules')
  const own = join(folder, 'node_modules')
  await mkdir(join(own, '.bin'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const others = readdirSync(modules).filter(
    (name) => !['.bin', 'typescript', 'openapi-typescript'].includes(name),
  )
  await Promise.all(others.map((name) => symlink(join(modules, name), join(own, name))))
  await symlink(join(modules, '@typescript/native'), join(own, 'typescript'))
  await cp(join(modules, 'openapi-typescript'), join(own, 'openapi-typescript'), { recursive: true })
  await symlink('../openapi-typescript/bin/cli.js', join(own, '.bin/openapi-typescript'))
}

const startsIn = (blocks: readonly PastedBlock[], last: number): number =>
  blocks.slice(0, last + 1).filter(({ commands }) => commands.includes('npm start &')).length
