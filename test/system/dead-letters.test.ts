import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eraseClosed } from '../../workers/operations/dead-letters/erase-closed.ts'
import { closeLetter, selectLetters } from '../../workers/operations/dead-letters/letter-table.ts'
import { openConsole, signIn } from '../support/console-session.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

afterAll(() => system.close())

const envelope = (id: string, type: string) => ({
  specversion: '1.0',
  ...{
    id,
    type,
    source: '/elsewhere',
    subject: 'o1',
    schemaversion: 1,
    time: '2026-11-23T12:00:00.000Z',
    hops: 0,
  },
  data: {},
})

const placedVersion2 = (orderId: string) => ({
  ...envelope(`${orderId}/OrderPlaced`, 'OrderPlaced'),
  subject: orderId,
  schemaversion: 2,
  data: { orderId, items: [{ productId: 'P001', quantity: 1 }], totalAmount: 50, currency: 'USD' },
})

type Letter = {
  id: string
  reason: string
  times: number
  status: string
  event: { id: string; source: string }
  first?: { event: { id: string } }
  reopenedAt?: string
  orderId?: string
}

const letters = async (query = ''): Promise<Letter[]> =>
  (await shop.call(`/dead-letters?limit=100${query}`)).body.items

const letterOf = (eventId: string, accept: (letter: Letter) => boolean = () => true) =>
  eventually(
    async () => (await letters()).find((letter) => letter.event.id === eventId),
    (letter) => letter !== undefined && accept(letter),
  )

describe('an event that cannot be handled', () => {
  it.each([
    ['unknown_type', envelope('u1', 'NeverHeardOf')],
    ['newer_version', { ...placedVersion2('n1'), schemaversion: 99 }],
    ['hop_limit', { ...placedVersion2('h1'), hops: 17 }],
    ['schema_broken', { ...placedVersion2('s1'), data: { orderId: 's1', items: [] } }],
  ])('G6: an event that cannot be handled is kept with its reason: %s', async (reason, event) => {
    await system.send('inventory-inbox', [event])
    const letter = await letterOf(event.id)
    expect(letter).toMatchObject({
      reason,
      status: 'open',
      times: 1,
      attempts: 1,
      queue: 'inventory-inbox',
      event,
    })
  })

  it.each([
    ['/metrics/history', 'minutes'],
    ['/metrics/day', 'halfHours'],
  ])('is counted once in %s', async (path, periods) => {
    const known = (await letters()).length
    const counted = async () =>
      (await shop.call(path)).body[periods].reduce(
        (sum: number, { deadLetters }: { deadLetters: number }) => sum + deadLetters,
        0,
      )
    expect(await eventually(counted, (sum) => sum >= known, { withinMs: 20_000 })).toBe(known)
  })

  it('is one letter however often it comes, and its neighbours in the batch are handled', async () => {
    const poison = envelope('p1', 'Poison')
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    await system.send('payment-inbox', [poison, poison])
    await system.send('payment-inbox', [poison])
    expect((await shop.settled(orderId)).status).toBe('confirmed')
    expect(await letterOf('p1', ({ times }) => times === 3)).toMatchObject({ status: 'open' })
  })

  it('is handled when it is redriven after it was mended', async () => {
    const before = await shop.level('P001')
    await system.send('inventory-inbox', [{ ...placedVersion2('h2'), hops: 17 }])
    const letter = await letterOf('h2/OrderPlaced')
    const { status, body } = await shop.post(`/dead-letters/${letter?.id}/redrive`)
    expect({ status, state: body.status }).toEqual({ status: 200, state: 'redriven' })
    const ledger = async () => (await shop.call('/inventory/P001/movements')).body.items
    await eventually(ledger, (items: { orderId?: string }[]) => items.some((item) => item.orderId === 'h2'))
    await eventually(
      () => shop.level('P001'),
      ({ reserved }) => reserved === before.reserved,
    )
    expect((await letters('&status=redriven')).map((each) => each.event.id)).toContain('h2/OrderPlaced')
  })

  it('is open again when it fails again', async () => {
    await system.send('order-inbox', [envelope('r1', 'Again')])
    await letterOf('r1')
    const { body } = await shop.post('/dead-letters/redrive', { queue: 'order-inbox', limit: 10 })
    expect(body.redriven).toHaveLength(1)
    expect(await letterOf('r1', ({ times }) => times === 2)).toMatchObject({ status: 'open' })
  })

  it('stays discarded although it comes again, and says who discarded it and why', async () => {
    await system.send('order-inbox', [envelope('d1', 'Away')])
    const letter = await letterOf('d1')
    expect((await shop.post(`/dead-letters/${letter?.id}/discard`)).status).toBe(422)
    await shop.post(`/dead-letters/${letter?.id}/discard`, { reason: 'sent by mistake' })
    await system.send('order-inbox', [envelope('d1', 'Away')])
    expect(await letterOf('d1', ({ times }) => times === 2)).toMatchObject({
      status: 'discarded',
      closedBy: { client: 'bootstrap', reason: 'sent by mistake' },
    })
    const found = await letters('&type=Away&reason=unknown_type&status=discarded')
    expect(found.map(({ id }) => id)).toEqual([letter?.id])
    const { OPERATIONS_DB } = await system.env('operations')
    const entry = await OPERATIONS_DB.prepare(
      'SELECT client, action, why FROM audit WHERE dead_letter_id = ?',
    )
      .bind(letter?.id)
      .first()
    expect(entry).toEqual({ client: 'bootstrap', action: 'discarded', why: 'sent by mistake' })
  })

  it('is kept apart from another under its id, by source in a letter and by content beside it', async () => {
    const [event, variant] = [envelope('v1', 'Venom'), { ...envelope('v1', 'Venom'), data: { of: 'an asp' } }]
    await system.send('order-inbox', [event])
    const { id } = (await letterOf('v1')) ?? { id: '' }
    await shop.post(`/dead-letters/${id}/discard`, { reason: 'sent by mistake' })
    await system.send('order-inbox', [{ ...event, source: '/elsewhere/too' }])
    await letterOf('v1', ({ event: { source } }) => source === '/elsewhere/too')
    await system.send('order-inbox', [variant])
    const find = async () => (await letters('&queue=order-inbox')).find((letter) => letter.id === id)
    expect(await eventually(find, (letter) => letter?.status === 'open')).toMatchObject({
      ...{ times: 2, event: variant, first: { reason: 'unknown_type', event } },
      reopenedAt: expect.any(String),
    })
    expect((await shop.post(`/dead-letters/${id}/redrive`)).status).toBe(200)
    const redriven = (letter: Letter | undefined) => letter?.times === 3
    expect(await eventually(find, redriven)).toMatchObject({ event: variant, first: { event } })
  })

  it('is discarded although it came again during the discard', async () => {
    await system.send('order-inbox', [envelope('d2', 'Away')])
    const { id } = (await letterOf('d2')) ?? { id: '' }
    const { OPERATIONS_DB } = await system.env('operations')
    const [seen] = await selectLetters(OPERATIONS_DB, { ids: [id], limit: 1 })
    await system.send('order-inbox', [envelope('d2', 'Away')])
    await letterOf('d2', ({ times }) => times === 2)
    if (seen === undefined) throw new Error('there is no letter')
    const entry = { client: 'bootstrap', at: seen.first_seen_at, auditId: 'a2', why: 'sent by mistake' }
    await OPERATIONS_DB.batch(closeLetter(OPERATIONS_DB, seen, 'discarded', entry))
    expect(await letterOf('d2')).toMatchObject({ status: 'discarded', times: 2 })
  })

  it('that was never parked cannot be redriven', async () => {
    const refused = await shop.problem(shop.post('/dead-letters/dl_nope/redrive'))
    expect(refused).toMatchObject({ status: 404, code: 'dead_letter_not_found' })
  })
})

describe('a dead letter by itself', () => {
  it('shows where its event differs from its schema', async () => {
    const broken = { ...placedVersion2('w1'), data: { ...placedVersion2('w1').data, items: [] } }
    await system.send('inventory-inbox', [broken])
    const { id } = (await letterOf('w1/OrderPlaced')) ?? { id: '' }
    const { status, body } = await shop.call(`/dead-letters/${id}`)
    expect({ status, id: body.id, event: body.event, validation: body.validation }).toEqual({
      ...{ status: 200, id, event: broken },
      validation: {
        schema: '/schemas/OrderPlaced/2.json',
        errors: [{ path: '/data/items', message: expect.any(String) }],
      },
    })
    expect((await shop.call(body.validation.schema)).status).toBe(200)
    const missing = await shop.problem(shop.call('/dead-letters/dl_none'))
    expect(missing).toMatchObject({ status: 404, code: 'dead_letter_not_found' })
  })
})

describe('a group of dead letters', () => {
  const post = (path: string, body: object) =>
    shop.post(`/dead-letters/${path}`, body).then((each) => each.body)

  it('is counted, checked by a dry run, sent again at a rate, and discarded with a reason', async () => {
    const broken = (n: number) => ({ ...placedVersion2(`g${n}`), schemaversion: 90 + n })
    await system.send('payment-inbox', [1, 2, 3].map(broken))
    const groups = async () =>
      (await shop.call('/dead-letter-groups?queue=payment-inbox')).body.groups as {
        letters: number
        error: string
        reason: string
      }[]
    const found = await eventually(groups, (all) => all.some(({ letters }) => letters === 3))
    const error = 'OrderPlaced has version *; this consumer knows up to *'
    expect(found).toContainEqual(
      expect.objectContaining({ queue: 'payment-inbox', reason: 'newer_version', letters: 3, error }),
    )

    const group = { queue: 'payment-inbox', reason: 'newer_version', error }
    const planned = await post('redrive', { ...group, limit: 2, dryRun: true })
    expect(planned).toMatchObject({ redriven: [], remaining: 3 })
    expect(planned.plan.ids).toHaveLength(2)
    expect(planned.plan.invalid.map(({ errors }: { errors: { path: string }[] }) => errors[0]?.path)).toEqual(
      [...['/schemaversion', '/schemaversion']],
    )

    const seenBefore = new Date().toISOString()
    const sent = await post('redrive', { ...group, seenBefore, limit: 2, rate: 1 })
    expect(sent).toMatchObject({ remaining: 1, seconds: 1 })
    expect(sent.redriven).toEqual(planned.plan.ids)
    const last = await post('redrive', { ...group, seenBefore, rate: 1 })
    expect([last.redriven.length, last.remaining, last.seconds]).toEqual([1, 0, 0])
    await eventually(groups, (all) => all.some(({ letters }) => letters === 3))

    const reason = 'a test of a group'
    const counted = await post('discard', { reason, letters: group, dryRun: true })
    expect(counted).toEqual({ discarded: [], remaining: 3 })
    const discarded = await post('discard', { reason, letters: group, limit: 2 })
    expect([discarded.discarded.length, discarded.remaining]).toEqual([2, 1])
    expect((await post('discard', { reason, letters: group })).discarded).toHaveLength(1)
    const closed = (await shop.call(`/dead-letters/${discarded.discarded[0]}`)).body
    expect(closed).toMatchObject({ status: 'discarded', closedBy: { reason } })
    const all = shop.problem(shop.post('/dead-letters/discard', { reason, letters: {} }))
    expect(await all).toMatchObject({ status: 422, paths: ['/letters'] })
  })
})

describe('the payment token of an event that could not be handled', () => {
  const withToken = (orderId: string, changes: object = {}) => {
    const event = placedVersion2(orderId)
    return { ...event, data: { ...event.data, payment: { token: 'pm_MARK_letter' } }, ...changes }
  }
  /** All that the operations database has. */
  const stored = async () => {
    const { OPERATIONS_DB } = await system.env('operations')
    const tables = ['dead_letters', 'requests', 'request_parts', 'audit']
    const rows = await Promise.all(
      tables.map(async (table) => (await OPERATIONS_DB.prepare(`SELECT * FROM ${table}`).all()).results),
    )
    return JSON.stringify(rows)
  }
  const KEYED = { 'idempotency-key': 'tokens-1' }

  it('is sent again once, and kept nowhere then: another redrive is refused, a repeated one is answered', async () => {
    await system.send('inventory-inbox', [withToken('t1', { hops: 17, more: 'x'.repeat(500) })])
    const letter = await letterOf('t1/OrderPlaced')
    const path = `/dead-letters/${letter?.id}`
    expect(await stored()).toContain('pm_MARK_letter')
    const first = await shop.post(`${path}/redrive`, {}, KEYED)
    expect(first).toMatchObject({ status: 200, body: { status: 'redriven' } })
    expect(await stored()).not.toContain('pm_MARK_letter')
    const refused = await shop.problem(shop.post(`${path}/redrive`))
    expect(refused).toMatchObject({ status: 409, code: 'payment_token_erased' })
    expect((await shop.post('/dead-letters/redrive', { ids: [letter?.id] })).body).toEqual({ redriven: [] })
    const repeated = await shop.post(`${path}/redrive`, {}, KEYED)
    expect([repeated.status, repeated.body]).toEqual([200, first.body])
    expect((await shop.post(`${path}/discard`, { reason: 'handled' })).status).toBe(200)
  })

  it('comes back with the event where that fails again, so that it can be redriven once more', async () => {
    await system.send('payment-inbox', [withToken('t2', { schemaversion: 99 })])
    const { id } = (await letterOf('t2/OrderPlaced')) ?? { id: '' }
    for (const times of [2, 3]) {
      expect((await shop.post(`/dead-letters/${id}/redrive`)).status).toBe(200)
      const isBack = (letter: Letter) => letter.times === times && letter.status === 'open'
      await letterOf('t2/OrderPlaced', isBack)
    }
    await shop.post(`/dead-letters/${id}/discard`, { reason: 'a test' }, { 'idempotency-key': 'tokens-2' })
    await system.send('payment-inbox', [withToken('t2', { schemaversion: 99 })])
    await letterOf('t2/OrderPlaced', ({ times, status }) => times === 4 && status === 'discarded')
    expect(await stored()).not.toContain('pm_MARK_letter')
  })

  it('is erased by the cron trigger where older code closed the letter', async () => {
    await system.send('payment-inbox', [withToken('t3', { schemaversion: 99 })])
    const { id } = (await letterOf('t3/OrderPlaced')) ?? { id: '' }
    const { OPERATIONS_DB } = await system.env('operations')
    await OPERATIONS_DB.prepare(
      "UPDATE dead_letters SET status = 'discarded', content = NULL, erased_times = NULL WHERE id = ?",
    )
      .bind(id)
      .run()
    await eraseClosed(OPERATIONS_DB, { portions: 10 })
    expect(await stored()).not.toContain('pm_MARK_letter')
    expect(await shop.problem(shop.post(`/dead-letters/${id}/redrive`))).toMatchObject({
      code: 'payment_token_erased',
    })
  })
})

describe('a product that runs out', () => {
  it('reaches the operators once, and again when it is back', async () => {
    await shop.stock('RARE', 1)
    await shop.settled(await shop.place([{ productId: 'RARE', quantity: 1 }]))
    await shop.post('/inventory/RARE/adjustments', { delta: 5, reason: 'receipt' })
    const listed = async (filter: string) =>
      (await shop.call(`/stock-alerts?productId=RARE${filter}`)).body.items
    const alerts = await eventually(
      () => listed(''),
      (items) => items.length === 3,
    )
    expect(alerts).toMatchObject([
      { productId: 'RARE', type: 'StockReplenished', available: 5 },
      { productId: 'RARE', type: 'StockDepleted', available: 0 },
      { productId: 'RARE', type: 'StockReplenished', available: 1 },
    ])
    expect(await listed('&type=StockDepleted')).toEqual([alerts[1]])
    const { cookie } = await signIn(system, 'test-admin-key')
    const { text } = await openConsole(system, cookie).call('/console/inventory')
    expect(text.slice(text.indexOf('Ran out lately'))).toContain('href="/console/inventory/RARE"')
  })
})
