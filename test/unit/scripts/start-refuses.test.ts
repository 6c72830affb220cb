import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'

const START = resolve(import.meta.dirname, '../../../scripts/start.mjs')
const folder = mkdtempSync(join(tmpdir(), 'edge-orders-start-'))
const file = join(folder, 'state')
writeFileSync(file, 'no folder')

/** A folder of the system's in which even its administrator can make no file. */
const READ_ONLY = process.platform === 'darwin' ? '/System' : '/sys/kernel'

const CHOOSE = 'Choose another place: STATE_DIR=some/folder npm start'

afterAll(() => rmSync(folder, { recursive: true }))

describe('npm start', () => {
  it('says that the state folder is a file, and takes an empty PORT for none', async () => {
    expect(await start({ PORT: '', STATE_DIR: file })).toBe(
      `${file} is a file, but the state needs a folder.\n${CHOOSE}`,
    )
  })

  it('says that the state folder lies below a file', async () => {
    expect(await start({ STATE_DIR: join(file, 'below') })).toBe(
      `${join(file, 'below')} is below a file, but the state needs a folder.\n${CHOOSE}`,
    )
  })

  it('says that nothing can be written to the state folder, and advises to delete nothing', async () => {
    const said = await start({ STATE_DIR: READ_ONLY })
    expect(said).toMatch(`This user may not write to ${READ_ONLY}.\nGive this user write permission`)
    expect(said).not.toMatch(/remove|delete/)
  })
})

const start = async (environment: { PORT?: string; STATE_DIR: string }): Promise<string> => {
  const child = spawn(process.execPath, [START], {
    env: { ...process.env, npm_lifecycle_event: 'start', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(code).toBe(1)
  return said.trim()
}
