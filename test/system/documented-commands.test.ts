import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSystem } from '../crash/system.ts'
import { missingLine } from '../support/answer-shape.ts'
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

  it('README.md gives the answers that it shows, without a warning and without leaving a file behind', async () => {
    const filesBefore = readdirSync(ROOT)
    const under = (heading: string) => pastedBlocks('README.md').filter((block) => block.heading === heading)
    await follow(under('The tour'))
    await system.kill(life)
    await follow([...under('Try to break it'), ...under('Keys for your clients')])
    expect(
      session
        .printed()
        .split('\n')
        .filter((line) => /WARN|ERROR|"level":"(warn|error)"/.test(line)),
    ).toEqual([])
    const files = readdirSync(ROOT).filter((file) => !MADE_BY_START.includes(file))
    expect(files).toEqual(filesBefore.filter((file) => !MADE_BY_START.includes(file)))
  })

  it('docs/api.md gives the answers that it shows', async () => {
    await follow(pastedBlocks('docs/api.md'))
  })
})

const startsIn = (blocks: readonly PastedBlock[], last: number): number =>
  blocks.slice(0, last + 1).filter(({ commands }) => commands.includes('npm start &')).length
