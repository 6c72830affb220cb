import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomDigits, ulid } from '../../src/kernel/ids.ts'
import { fixedBytes } from '../support/fixed-bytes.ts'
import { type System, startSystem } from '../support/harness.ts'
import { createApiKey } from '../support/keys.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})

afterAll(() => system.close())

const NETWORKS = Array.from({ length: 11 }, (_, index) => `2001:db8:0:${index.toString(16)}::1`)
const HONEST = '2001:db8:ffff::1'

const bytes = fixedBytes('invented keys')
const inventKey = () => `eo_${ulid(Date.now(), bytes)}_${randomDigits(40, bytes)}`

const askWith = async (key: string, address: string) => {
  const headers = { authorization: `Bearer ${key}`, 'cf-connecting-ip': address }
  const answer = await system.fetch('/orders?limit=1', { headers })
  await answer.body?.cancel()
  return answer.status
}

/** A key as the version of 2026-11-26 made it: without a mark. */
const insertOlderKey = async () => {
  const key = inventKey()
  const { ORDERS_DB } = await system.env('order')
  await ORDERS_DB.prepare(
    `INSERT INTO api_keys (id, hash, client, scopes, created_at, created_by)
      VALUES (?, ?, 'older', '["orders:read"]', ?, 'bootstrap')`,
  )
    .bind(key.split('_')[1], createHash('sha256').update(key).digest('hex'), Date.now())
    .run()
  return key
}

/** Far more than a hundred a second, each network within what it may try in a minute. */
const flood = () =>
  Promise.all(NETWORKS.flatMap((network) => Array.from({ length: 15 }, () => askWith(inventKey(), network))))

describe('a flood of invented keys from eleven networks', () => {
  it('shuts out no good key that was never seen, neither a new one nor one of older code', async () => {
    const older = await Promise.all(Array.from({ length: 3 }, insertOlderKey))
    const newer = await Promise.all(
      Array.from({ length: 3 }, async () => (await createApiKey(system, 'newer', ['orders:read'])).key),
    )
    const answers: number[] = []
    for (const [index, key] of older.entries()) {
      const [, ...honest] = await Promise.all([
        flood(),
        askWith(key, HONEST),
        askWith(newer[index] ?? '', HONEST),
      ])
      answers.push(...honest)
    }
    expect(answers).toEqual(answers.map(() => 200))
  })

  it('opens nothing', async () => {
    const answers = new Set(await flood())
    expect([...answers].filter((status) => ![401, 429, 503].includes(status))).toEqual([])
  })
})
