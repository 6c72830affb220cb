import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { createApiKey, openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let folder: string
let system: System
let operator: ReturnType<typeof openShop>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-orders-limits-'))
  system = await startSystem({ order: { configPath: configure(), vars: { OPEN_REQUESTS_MAX: '30' } } })
  operator = openShop(system)
})

afterAll(async () => {
  await system.close()
  rmSync(folder, { recursive: true })
})

/** The real configuration with limits that are soon reached, however busy the machine is. */
const configure = (): string => {
  const config = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
    .replaceAll('"workers/', `"${ROOT}/workers/`)
    .replace('limit = 3_000, period = 10', 'limit = 20, period = 10')
    .replace('limit = 1_000, period = 10', 'limit = 20, period = 10')
    .replace('limit = 600, period = 60', 'limit = 40, period = 60')
  const file = join(folder, 'wrangler.toml')
  writeFileSync(file, config)
  return file
}

const ask = (shop: ReturnType<typeof openShop>) => shop.call('/keys')

describe('a client that sends more requests than it may', () => {
  it('has to wait, whichever of its keys it uses, and no other client has to', async () => {
    const first = await openShopOf(system, 'busy', ['orders:read'])
    const second = await openShopOf(system, 'busy', ['orders:read'])
    const quiet = await openShopOf(system, 'quiet', ['orders:read'])
    const answersOfAll = async () => {
      await Promise.all(Array.from({ length: 20 }, () => ask(first)))
      return await Promise.all([first, second, quiet, operator].map(ask))
    }
    // Ten seconds may begin anew in between.
    const answers = await eventually(
      answersOfAll,
      ([one, other]) => one?.status === 429 && other?.status === 429,
    )
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 403, 200])
    expect(answers[0]?.body.code).toBe('rate_limited')
    expect(answers[0]?.headers.get('retry-after')).toBe('10')
  })

  it('is counted by its orders, which a batch has many of for one request', async () => {
    const shop = await openShopOf(system, 'batches', ['events:write'])
    const batchesInOnePeriod = async (name: string) => {
      const batches = await Promise.all([1, 2].map((n) => shop.post('/events', batchOf(15, `${name}-${n}`))))
      return batches.map(({ status, body, headers }) => ({
        ...{ status, code: body.code, wait: headers.get('retry-after') },
      }))
    }
    const round = { count: 0 }
    const answers = await eventually(
      () => {
        round.count += 1
        return batchesInOnePeriod(`batch-${round.count}`)
      },
      (all) => all.some(({ status }) => status === 429),
    )
    // Two batches of fifteen are too many for one period. As two requests a round they would last ten rounds.
    expect(round.count).toBeLessThanOrEqual(4)
    expect(answers.filter(({ status }) => status === 429)).toContainEqual({
      ...{ status: 429, code: 'rate_limited', wait: '10' },
    })
    const unlimited = await Promise.all(
      [1, 2, 3].map((n) => operator.post('/events', batchOf(15, `own-${n}`))),
    )
    expect(unlimited.map(({ body }) => body.code)).toEqual(unlimited.map(() => 'unknown_product'))
  })

  it('has no limit where it is the bootstrap key', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(operator)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

/** They are counted before a product is looked for. */
const batchOf = (orders: number, name: string) =>
  Array.from({ length: orders }, (_, index) => ({
    ...{ eventType: 'OrderPlaced', orderId: `${name}-${index}`, totalAmount: 1 },
    ...{ items: [{ productId: 'NONE', quantity: 1 }], timestamp: '2026-11-27T00:00:00Z' },
  }))

/** Tries keys that cannot be right until the address is told to wait. A minute may begin anew in between. */
const guessUntilRefused = async (address: string) => {
  const answers = await eventually(
    () => Promise.all(Array.from({ length: 41 }, () => guess(address))),
    (all) => all.some(({ status }) => status === 429),
  )
  return answers.filter(({ status }) => status === 429)
}

const guess = (address: string, key = 'eo_guess') =>
  openShop(system, key).call('/orders', { headers: { 'cf-connecting-ip': address } })

describe('an address that tries more wrong keys than it may', () => {
  it('has to wait, while keys that were valid before go on opening', async () => {
    const { key } = await createApiKey(system, 'neighbour', ['orders:read'])
    expect((await guess('203.0.113.7', key)).status).toBe(200)
    const [refused] = await guessUntilRefused('203.0.113.7')
    expect({ code: refused?.body.code, wait: refused?.headers.get('retry-after') }).toEqual({
      code: 'rate_limited',
      wait: '60',
    })
    expect((await guess('203.0.113.7', key)).status).toBe(200)
    expect((await guess('203.0.113.7', 'test-admin-key')).status).toBe(200)
    expect((await guess('203.0.113.8')).status).toBe(401)
  })

  it('shuts out no good key from there that was never seen', async () => {
    const { key } = await createApiKey(system, 'newcomer', ['orders:read'])
    await guessUntilRefused('203.0.113.10')
    expect((await guess('203.0.113.10', key)).status).toBe(200)
  })

  it('is counted with the read tokens that it forges, and no good token is shut out', async () => {
    await operator.stock('LIMITS', 1)
    const { body } = await operator.post('/orders', { items: [{ productId: 'LIMITS', quantity: 1 }] })
    const read = (token: string) =>
      system.fetch(`/orders/${body.orderId}?token=${token}`, {
        headers: { 'cf-connecting-ip': '::ffff:203.0.113.11' },
      })
    const forged = `rt_${(Date.now() + 60_000).toString(36)}.${'A'.repeat(43)}`
    const answers = await eventually(
      () => Promise.all(Array.from({ length: 41 }, () => read(forged))),
      (all) => all.some(({ status }) => status === 429),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
    expect((await read(body.readToken)).status).toBe(200)
    expect((await guess('203.0.113.11')).status).toBe(429)
  })

  it('does not count requests without any key', async () => {
    const bare = () => system.fetch('/orders', { headers: { 'cf-connecting-ip': '203.0.113.9' } })
    const answers = await Promise.all(Array.from({ length: 100 }, bare))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
  })
})

describe('an address that asks for more than it may without a key', () => {
  it('gets the time to wait, and no other address does', async () => {
    const ready = (address: string) => system.fetch('/readyz', { headers: { 'cf-connecting-ip': address } })
    const askedTooOften = async () => {
      const answers = await Promise.all(Array.from({ length: 31 }, () => ready('203.0.113.20')))
      return answers.find(({ status }) => status === 429)
    }
    // Ten seconds may begin anew in between.
    const refused = await eventually(askedTooOften, (answer) => answer !== undefined)
    const seconds = Number(refused?.headers.get('retry-after'))
    expect(seconds >= 1 && seconds <= 10).toBe(true)
    expect((await ready('203.0.113.21')).status).toBe(200)
  })
})
