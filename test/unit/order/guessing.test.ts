import { createHash, timingSafeEqual } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomDigits, ulid } from '../../../src/kernel/ids.ts'
import { createOrderApp } from '../../../workers/order/app.ts'
import { createCatalogue } from '../../../workers/order/catalogue.ts'
import { createKeyRing } from '../../../workers/order/edge/keys/key-ring.ts'
import { NOW } from '../../support/builders.ts'
import { fixedBytes } from '../../support/fixed-bytes.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const BOOTSTRAP_KEY = 'test-admin-key'
const STORAGE_KEY = 'b1946ac92492d2347c6235b4d2611184f0e9d8c7b6a594837261504f3e2d1c0b'
const NETWORKS = Array.from({ length: 11 }, (_, index) => `2001:db8:0:${index.toString(16)}::1`)

/** workerd has it there, Node elsewhere. */
beforeAll(() => {
  Object.assign(crypto.subtle, { timingSafeEqual })
})

const bytes = fixedBytes('invented keys')
const inventKey = () => `eo_${ulid(NOW, bytes)}_${randomDigits(40, bytes)}`

/** One counter of the platform, without its period. */
const counter = (most: number) => {
  const counts = new Map<string, number>()
  return {
    limit: async ({ key }: { key: string }) => {
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return { success: (counts.get(key) ?? 0) <= most }
    },
  }
}

/** The order Worker in an isolate that has seen no key yet, on a clock that stands still: all happens in one second. */
const setUp = () => {
  const orders = createInMemoryD1('order')
  const sibling = { fetch: async () => Response.json({}), handle: async () => Response.json({}) }
  const siblings = { INVENTORY: sibling, PAYMENT: sibling, OPERATIONS: sibling }
  const limits = { CLIENT_REQUESTS: counter(1_000), KEY_GUESSES: counter(60) }
  const secrets = { BOOTSTRAP_KEY, STORAGE_KEY }
  const env = { ORDER_PARTITIONS: '2', ORDERS_DB: orders.database, ...secrets, ...siblings, ...limits }
  const isolate = () =>
    createOrderApp(
      createCatalogue(Date.now),
      createKeyRing(() => NOW),
      () => undefined,
    )
  const maker = isolate()
  const app = isolate()

  /** A key that another isolate made. */
  const makeKey = async (): Promise<string> => {
    const made = await maker.request(
      '/keys',
      {
        method: 'POST',
        headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ client: 'shop', scopes: ['orders:read'] }),
      },
      env,
    )
    return ((await made.json()) as { key: string }).key
  }
  /** A key as the version of 2026-11-26 stored it. */
  const insertOlderKey = (): string => {
    const key = inventKey()
    const hash = createHash('sha256').update(key).digest('hex')
    orders.sql(
      `INSERT INTO api_keys (id, hash, client, scopes, created_at, created_by)
        VALUES (?, ?, 'older', '["orders:read"]', ?, 'bootstrap')`,
      ...[key.split('_')[1] ?? '', hash, NOW],
    )
    return key
  }
  const ask = async (key: string, address = '2001:db8:ffff::1') => {
    const headers = { authorization: `Bearer ${key}`, 'cf-connecting-ip': address }
    return (await app.request('/keys', { headers }, env)).status
  }
  const flood = (each: number) =>
    Promise.all(NETWORKS.flatMap((network) => Array.from({ length: each }, () => ask(inventKey(), network))))
  return { ask, flood, makeKey, insertOlderKey }
}

/** A good key without the scope that the call needs. */
const LET_IN = 403

describe('a flood of invented keys from eleven networks', () => {
  it('shuts out no good key that the isolate never saw', async () => {
    const { ask, flood, makeKey } = setUp()
    const key = await makeKey()
    await flood(20)
    expect(await ask(key)).toBe(LET_IN)
  })

  it('shuts out no key of older code', async () => {
    const { ask, flood, insertOlderKey } = setUp()
    const keys = [insertOlderKey(), insertOlderKey()]
    const [, first] = await Promise.all([flood(20), ask(keys[0] ?? '')])
    expect([first, await ask(keys[1] ?? '')]).toEqual([LET_IN, LET_IN])
  })

  it('shuts out no good key that comes from one of the networks itself', async () => {
    const { ask, flood, makeKey } = setUp()
    const key = await makeKey()
    await flood(61)
    expect([await ask(inventKey(), NETWORKS[0]), await ask(key, NETWORKS[0])]).toEqual([429, LET_IN])
  })

  it('opens nothing', async () => {
    const answers = new Set(await setUp().flood(20))
    expect([...answers].toSorted()).toEqual([401, 503])
  })
})
