import { beforeAll, describe, expect, it } from 'vitest'
import {
  claimInD1,
  forgetOnTime,
  recallFromD1,
  releaseInD1,
  rememberInD1,
  toStoredResponse,
} from '../../src/cloudflare/d1-requests.ts'
import { DAY_MS, MINUTE_MS } from '../../src/kernel/instant.ts'
import { NOW } from '../support/builders.ts'
import { eventually } from '../support/eventually.ts'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: SharedSystem
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await sharedSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

const settledOrder = async (): Promise<string> => {
  const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
  await shop.settled(orderId)
  return orderId
}

/** An event that no service can handle, and the letter that it becomes. */
const parkedLetter = async (id: string): Promise<string> => {
  const event = { specversion: '1.0', id, source: '/elsewhere', subject: 'o1', type: 'NeverHeardOf' }
  const data = { text: 'x'.repeat(500) }
  await system.send('inventory-inbox', [
    { ...event, schemaversion: 1, time: '2026-11-23T12:00:00.000Z', hops: 0, data },
  ])
  const letters = async () => (await shop.call('/dead-letters?limit=100')).body.items
  const find = async () =>
    (await letters()).find((letter: { event: { id: string } }) => letter.event.id === id)
  return (await eventually(find, (letter) => letter !== undefined)).id
}

const auditEntries = async (letterId: string): Promise<number> => {
  const { OPERATIONS_DB } = await system.env('operations')
  const query = 'SELECT COUNT(*) AS count FROM audit WHERE dead_letter_id = ?'
  return (await OPERATIONS_DB.prepare(query).bind(letterId).first<number>('count')) ?? 0
}

const ofType = async (orderId: string, type: string): Promise<number> => {
  const { events } = (await shop.call(`/orders/${orderId}/events`)).body
  return events.filter((event: { type: string }) => event.type === type).length
}

type Request = { path: string; body: object; other: object }
type Case = { request(): Promise<Request>; effects(request: Request): Promise<number> }

/** The thing that a path names: `/orders/{this}/cancel`. */
const named = ({ path }: Request): string => path.split('/')[2] ?? ''

const CASES: Record<string, Case> = {
  'an order': {
    request: async () => ({
      path: '/orders',
      body: { items: [{ productId: 'P001', quantity: 1 }], reference: 'twenty' },
      other: { items: [{ productId: 'P001', quantity: 2 }], reference: 'twenty' },
    }),
    effects: async () => {
      const listed = async () => (await shop.call('/orders?reference=twenty')).body.items.length
      return eventually(listed, (count) => count > 0)
    },
  },
  'a cancellation': {
    request: async () => ({
      path: `/orders/${await settledOrder()}/cancel`,
      body: { reason: 'a' },
      other: {},
    }),
    effects: (request) => ofType(named(request), 'OrderCancelled'),
  },
  'a refund': {
    request: async () => ({
      path: `/payments/${await settledOrder()}/refunds`,
      body: { amount: 1 },
      other: { amount: 2 },
    }),
    effects: async (request) => (await shop.call(`/payments/${named(request)}`)).body.refunds.length,
  },
  'an adjustment': {
    request: async () => {
      await shop.stock('ADJUSTED', 0)
      return { path: '/inventory/ADJUSTED/adjustments', body: { delta: 3 }, other: { delta: 4 } }
    },
    effects: async (request) => (await shop.level(named(request))).onHand / 3,
  },
  'a redrive of one letter': {
    request: async () => ({
      path: `/dead-letters/${await parkedLetter('one')}/redrive`,
      body: {},
      other: { any: 1 },
    }),
    effects: (request) => auditEntries(named(request)),
  },
  'a redrive of several letters': {
    request: async () => {
      const ids = [await parkedLetter('many')]
      return { path: '/dead-letters/redrive', body: { ids }, other: { ids, limit: 1 } }
    },
    effects: async ({ body }) => auditEntries((body as { ids: string[] }).ids[0] ?? ''),
  },
  'a discard': {
    request: async () => ({
      path: `/dead-letters/${await parkedLetter('away')}/discard`,
      body: { reason: 'a' },
      other: { reason: 'b' },
    }),
    effects: (request) => auditEntries(named(request)),
  },
}

const KEYED = { 'idempotency-key': 'twenty' }

describe.each(Object.entries(CASES))('%s', (_, { request, effects }) => {
  it('is done once for twenty equal requests at once, and never for another body under the key', async () => {
    const asked = await request()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => shop.post(asked.path, asked.body, KEYED)),
    )
    const done = answers.filter(({ status }) => status !== 409)
    const again = await shop.post(asked.path, asked.body, KEYED)
    expect(
      answers.filter(({ status, body }) => status === 409 && body.code !== 'request_in_progress'),
    ).toEqual([])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const told = ({ status, body }: { status: number; body: unknown }) => JSON.stringify({ status, body })
    expect(new Set([...done, again].map(told)).size).toBe(1)
    const first = done.filter(({ headers }) => headers.get('idempotency-replayed') !== 'true')
    expect(first).toHaveLength(1)
    const other = await shop.problem(shop.post(asked.path, asked.other, KEYED))
    expect(other).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    expect(await effects(asked)).toBe(1)
  })

  it.each([
    ['a space', 'a b'],
    ['not ASCII', 'ü'],
    ['256 characters', 'x'.repeat(256)],
  ])('is refused with a key that is none: %s', async (_kind, key) => {
    const asked = await request()
    const before = await effects(asked)
    const refused = await shop.problem(shop.post(asked.path, asked.body, { 'idempotency-key': key }))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/Idempotency-Key'] })
    expect(await effects(asked)).toBe(before)
  })
})

describe('a key', () => {
  it('may have 255 characters', async () => {
    const key = { 'idempotency-key': '~'.repeat(255) }
    const body = { items: [{ productId: 'P001', quantity: 1 }] }
    const [first, second] = [await shop.post('/orders', body, key), await shop.post('/orders', body, key)]
    expect(second.body).toEqual(first.body)
  })

  it('of a redrive that was refused is free', async () => {
    const redrive = () => shop.problem(shop.post('/dead-letters/dl_nope/redrive', {}, KEYED))
    expect(await redrive()).toMatchObject({ code: 'dead_letter_not_found' })
    expect(await redrive()).toMatchObject({ code: 'dead_letter_not_found' })
  })

  it('is scoped to its path', async () => {
    const letters = [await parkedLetter('path-1'), await parkedLetter('path-2')]
    for (const id of letters) await shop.post(`/dead-letters/${id}/discard`, { reason: 'a' }, KEYED)
    expect(await Promise.all(letters.map(auditEntries))).toEqual([1, 1])
  })
})

describe('a key kept in a database', () => {
  const attempt = (requestKey: string, attemptId: string) => ({ requestKey, fingerprint: 'body', attemptId })
  const response = { status: 200, body: '{}' } as const
  const database = async () => (await system.env('operations')).OPERATIONS_DB

  it('is claimed by one until its lease ends', async () => {
    const requests = await database()
    expect(await claimInD1(requests, attempt('lease', 'first'), NOW)).toBe(true)
    expect(await claimInD1(requests, attempt('lease', 'second'), NOW + MINUTE_MS - 1)).toBe(false)
    expect(await recallFromD1(requests, attempt('lease', 'second'), NOW + MINUTE_MS - 1)).toEqual({
      kind: 'inProgress',
    })
    expect(await claimInD1(requests, attempt('lease', 'second'), NOW + MINUTE_MS)).toBe(true)
  })

  it('lets one of twenty attempts take effect that all found it new', async () => {
    const requests = await database()
    const effect = requests.prepare("INSERT INTO exhausted VALUES ('race', hex(randomblob(8)), 1, '')")
    const attempts = Array.from({ length: 20 }, (_, index) => attempt('race', `attempt-${index}`))
    const done = await Promise.allSettled(
      attempts.map((each) => requests.batch([...rememberInD1(requests, each, response, NOW), effect])),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const query = "SELECT COUNT(*) AS count FROM exhausted WHERE consumer = 'race'"
    expect(await requests.prepare(query).first('count')).toBe(1)
  })

  it('lets nothing be done by an attempt that counts as gone', async () => {
    const requests = await database()
    await claimInD1(requests, attempt('late', 'first'), NOW)
    await claimInD1(requests, attempt('late', 'second'), NOW + MINUTE_MS)
    const effect = requests.prepare("INSERT INTO exhausted VALUES ('late', 'effect', 1, '')")
    const late = requests.batch([...rememberInD1(requests, attempt('late', 'first'), response, NOW), effect])
    await expect(late).rejects.toThrow('NOT NULL')
    await releaseInD1(requests, attempt('late', 'first'))
    expect(await requests.prepare("SELECT * FROM exhausted WHERE consumer = 'late'").first()).toBeNull()
    await requests.batch(rememberInD1(requests, attempt('late', 'second'), response, NOW + MINUTE_MS))
    expect(await recallFromD1(requests, attempt('late', 'third'), NOW)).toEqual({
      kind: 'stored',
      ...response,
      isOurs: false,
    })
  })

  it('is over after two days, and not after one', async () => {
    const requests = await database()
    await requests.batch(rememberInD1(requests, attempt('two days', 'first'), response, NOW - 2 * DAY_MS))
    await requests.batch(rememberInD1(requests, attempt('one day', 'first'), response, NOW - DAY_MS))
    const kind = async (key: string) => (await recallFromD1(requests, attempt(key, 'second'), NOW)).kind
    expect([await kind('two days'), await kind('one day')]).toEqual(['new', 'stored'])
    expect(await claimInD1(requests, attempt('two days', 'second'), NOW)).toBe(true)
  })

  it('leaves with newer ones, and by the cron trigger where there are none', async () => {
    const requests = await database()
    const keys = async () => {
      const { results } = await requests
        .prepare("SELECT request_key FROM requests WHERE request_key LIKE 'leaves %'")
        .all<{ request_key: string }>()
      return results.map((row) => row.request_key)
    }
    await requests.batch(rememberInD1(requests, attempt('leaves first', 'a'), response, NOW))
    await requests.batch(
      rememberInD1(requests, attempt('leaves second', 'a'), response, NOW + 2 * DAY_MS + 1),
    )
    expect(await keys()).toEqual(['leaves second'])
    await forgetOnTime(requests, 'requests and parts', NOW + 4 * DAY_MS + 2)
    expect(await keys()).toEqual([])
  })

  it('keeps a large event once, however often its letter is redriven under new keys', async () => {
    const requests = await database()
    const event = { id: 'large', text: 'x'.repeat(60_000) }
    const first = await toStoredResponse(200, { id: 'dl_1', event, status: 'redriven' })
    for (let nth = 0; nth < 20; nth += 1) {
      const kept = await toStoredResponse(200, { id: 'dl_1', event, status: 'redriven' })
      await requests.batch(rememberInD1(requests, attempt(`large ${nth}`, 'a'), kept, NOW))
    }
    const bytes = `SELECT sum(length(body)) AS bytes FROM requests WHERE request_key LIKE 'large %'`
    expect(await requests.prepare(bytes).first<number>('bytes')).toBeLessThan(20 * 300)
    const parts = 'SELECT count(*) AS count FROM request_parts WHERE length(part) > 60000'
    expect(await requests.prepare(parts).first('count')).toBe(1)
    expect(first.body.length).toBeLessThan(300)
    expect(await recallFromD1(requests, attempt('large 7', 'b'), NOW)).toEqual({
      kind: 'stored',
      status: 200,
      body: JSON.stringify({ id: 'dl_1', event, status: 'redriven' }),
      isOurs: false,
    })
  })
})
