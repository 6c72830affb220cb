import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { End } from './finish-orders.ts'

const run = promisify(execFile)

const RELEASES = globSync('*/killed-at.json', { cwd: import.meta.dirname }).map((file) => file.split('/')[0])

/** The first has no faults. */
const WORLDS = 10

/** In a process of its own: a world replaces the clock, chance and timers. */
const finish = async (release: string | undefined): Promise<End[]> => {
  const folder = join(import.meta.dirname, release ?? '')
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, 'finish.ts'),
    folder,
    String(WORLDS),
  ])
  return JSON.parse(stdout)
}

/** What has to be at hand for a fixture to be worth anything. */
const STAGES = [
  ...['pending, pending, pending', 'pending, reserved, pending', 'confirmed, committed, authorized'],
  ...['cancelled, released, authorized', 'confirmed, committed, captured, settled'],
  ...['rejected, released, declined, settled', 'rejected, rejected, voided, settled'],
  ...['cancelled, released, refunded, settled', 'cancelled, released, failed, settled'],
]

describe.each(RELEASES)('the state that release %s left when it was killed', (release) => {
  it('is finished by the code of today, with every order settled and nothing charged twice', async () => {
    const ends = await finish(release)
    expect(
      ends.flatMap(({ seed, violations }) => violations.map((each) => `world ${seed}: ${each}`)),
    ).toEqual([])
    expect(ends).toHaveLength(WORLDS)
    const [calm] = ends
    expect(new Set(Object.values(calm?.before.orders ?? {}))).toEqual(new Set(STAGES))
    expect(calm?.before.webhooks).toBe(2)
    expect(calm?.before.pendingDeliveries).not.toHaveLength(0)
    expect(
      ends.map(({ after }) => Object.values(after.orders).filter((state) => state.startsWith('pending'))),
    ).toEqual(ends.map(() => []))
  }, 120_000)
})
