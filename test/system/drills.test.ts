import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startDemo } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { opsOf } from '../support/ops-program.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startDemo()
  shop = openShop(system)
  await shop.stock('P001', 100)
  await shop.stock('P002', 0)
})

afterAll(() => system?.close())

const ONE = [{ productId: 'P001', quantity: 1 }]

const stuck = (orderId: string) =>
  eventually(
    async () => (await shop.call('/orders?stuck=true')).body.items,
    (items: { orderId: string }[]) => items.some((order) => order.orderId === orderId),
  )

describe('an order whose money the bank will not let go', () => {
  it('is stuck where the bank refuses to void', async () => {
    const short = [...ONE, { productId: 'P002', quantity: 1 }]
    const orderId = await shop.place(short, 'pm_sim_voidDeclined')
    await stuck(orderId)
    const { body } = await shop.call(`/orders/${orderId}/story`)
    expect(body.order).toMatchObject({
      status: 'rejected',
      stuck: { code: 'bank_refused', waitingFor: ['payment'] },
    })
    expect(body.payment.stuck.code).toBe('void_refused')
    expect((await shop.bank(orderId)).held).toBe(100)
  })
})

describe('POST /simulator/outage', () => {
  it('ends the outage that pm_sim_down began; until then its order waits', async () => {
    const orderId = await shop.place(ONE, 'pm_sim_down')
    const isUnread = (body: { unread: { part: string }[] }) => body.unread.some(({ part }) => part === 'bank')
    const story = async () => (await shop.call(`/orders/${orderId}/story`)).body
    await eventually(story, isUnread)
    expect((await shop.read(orderId)).status).toBe('pending')
    const ended = await shop.post('/simulator/outage', { isDown: false })
    expect([ended.status, ended.body]).toEqual([200, { isDown: false }])
    expect(isUnread(await story())).toBe(false)
    expect((await shop.settled(orderId)).status).toBe('confirmed')
  })

  it('begins one too', async () => {
    expect((await shop.post('/simulator/outage', { isDown: true })).body).toEqual({ isDown: true })
    const orderId = await shop.place(ONE)
    const { body } = await shop.call(`/orders/${orderId}/story`)
    expect(body.unread).toMatchObject([{ part: 'bank', code: 'unavailable' }])
    await shop.post('/simulator/outage', { isDown: false })
    expect((await shop.settled(orderId)).status).toBe('confirmed')
  })
})

type Letter = { id: string; event: { id?: string } }

const letterOf = async (queue: string, eventId: string): Promise<Letter | undefined> => {
  const { body } = await shop.call(`/dead-letters?queue=${queue}&status=open`)
  return body.items.find(({ event }: Letter) => event.id === eventId)
}

describe('POST /simulator/poison', () => {
  it.each(['order-inbox', 'inventory-inbox', 'payment-inbox', 'operations-inbox'])(
    'puts a message on the %s that becomes a dead letter; a repeated request puts none',
    async (queue) => {
      const key = { 'idempotency-key': queue }
      const sent = await shop.post('/simulator/poison', { queue }, key)
      const repeated = await shop.post('/simulator/poison', { queue }, key)
      expect([sent.status, repeated.status, repeated.body]).toEqual([202, 202, sent.body])
      const letter = await eventually(
        async () => await letterOf(queue, sent.body.eventId),
        (found) => found !== undefined,
      )
      expect(letter).toMatchObject({ reason: 'unknown_type', times: 1 })
      const discarded = await shop.post(`/dead-letters/${letter?.id}/discard`, { reason: 'a drill' })
      expect(discarded.body.status).toBe('discarded')
    },
  )

  it('refuses a queue that there is not, and names the field', async () => {
    const refused = await shop.problem(shop.post('/simulator/poison', { queue: 'mail-inbox' }))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/queue'] })
  })
})

const NO_FAULTS = { duplicates: false, delaySeconds: 0, crashing: [], stopped: [], bank: 'well' }

const setFaults = async (wanted: object) => (await shop.post('/simulator/faults', wanted)).body

const faults = async () => (await shop.call('/simulator/faults')).body

/** One confirmed order of one P001: what the bank did, and nothing more. */
const paidOnce = { done: ['authorize', 'capture'], held: 0, captured: 50, refunded: 0 }

describe('POST /simulator/faults', () => {
  it('is what `npm run ops -- faults` sets, shows and clears', async () => {
    const address = await system.address()
    const run = opsOf(() => address)
    const flags = [
      '--stopped',
      'order',
      '--crashing',
      'payment',
      '--delay',
      '2',
      '--duplicates',
      '--bank',
      'slow',
    ]
    const set = await run(['faults', 'set', ...flags])
    const said = [
      ...[
        'every message comes twice',
        'every message comes 2 s later',
        'the consumer of payment will crash once',
      ],
      ...['the consumer of order is stopped', 'the bank is slow', ''],
    ].join('\n')
    expect(set).toEqual({ code: 0, said, complained: '' })
    expect((await run(['faults', 'show'])).said).toBe(said)
    expect((await run(['faults', 'set', '--stopped', 'mail'])).code).toBe(2)
    expect((await run(['faults', 'clear'])).said).toBe('No fault is set.\n')
  })

  it('sets all faults: those that are not named end', async () => {
    const delayed = { ...NO_FAULTS, delaySeconds: 1 }
    expect(await setFaults({ delaySeconds: 1 })).toEqual(delayed)
    expect(await faults()).toEqual(delayed)
    expect(await setFaults({})).toEqual(NO_FAULTS)
    expect(await faults()).toEqual(NO_FAULTS)
  })

  it('delivers each message twice and later: the order takes stock and money once', async () => {
    const { onHand } = await shop.level('P001')
    await setFaults({ duplicates: true, delaySeconds: 1 })
    const orderId = await shop.place(ONE)
    const { placedAt, settledAt = '' } = await shop.settled(orderId)
    await setFaults({})
    // Four hops, each a second late.
    expect(Date.parse(settledAt) - Date.parse(placedAt)).toBeGreaterThanOrEqual(4_000)
    expect(await shop.bank(orderId)).toEqual(paidOnce)
    expect(await shop.level('P001')).toEqual({ onHand: onHand - 1, reserved: 0 })
    const suppressed = /^edge_orders_duplicates_suppressed_total\{.*"orders-.*\} [1-9]/m
    await eventually(
      () => shop.call('/metrics'),
      ({ body }) => suppressed.test(body),
    )
  })

  it('lets a consumer crash once, after its work: the work is not done twice', async () => {
    expect(await setFaults({ crashing: ['payment'] })).toEqual({ ...NO_FAULTS, crashing: ['payment'] })
    const orderId = await shop.place(ONE)
    expect((await shop.settled(orderId)).status).toBe('confirmed')
    expect(await shop.bank(orderId)).toEqual(paidOnce)
    expect(await faults()).toEqual(NO_FAULTS)
  })

  it('stops a consumer until it is no longer named', async () => {
    await setFaults({ stopped: ['inventory'] })
    const orderId = await shop.place(ONE)
    const paid = await eventually(
      () => shop.read(orderId),
      ({ payment }) => payment.status === 'authorized',
    )
    expect([paid.status, paid.inventory.status]).toEqual(['pending', 'pending'])
    await setFaults({})
    expect((await shop.settled(orderId)).status).toBe('confirmed')
  })

  it('lets the bank fail until it is well again', async () => {
    await setFaults({ bank: 'failing' })
    const orderId = await shop.place(ONE)
    const errors = /^edge_orders_bank_calls_total\{.*outcome="error".*\} [1-9]/m
    await eventually(
      () => shop.call('/metrics'),
      ({ body }) => errors.test(body),
    )
    expect((await shop.read(orderId)).status).toBe('pending')
    await setFaults({ bank: 'slow' })
    expect((await shop.settled(orderId)).status).toBe('confirmed')
    await setFaults({})
    expect(await shop.bank(orderId)).toEqual(paidOnce)
  })

  it('refuses a consumer that there is not, and names the field', async () => {
    const refused = await shop.problem(shop.post('/simulator/faults', { stopped: ['mail'] }))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/stopped/0'] })
  })
})

const CALLS = [
  ['/simulator/faults', { stopped: ['order'] }],
  ['/simulator/outage', { isDown: true }],
  ['/simulator/poison', { queue: 'order-inbox' }],
] as const

it.each(CALLS)('%s is for operators alone', async (path, body) => {
  const other = await openShopOf(system, 'web', ['orders:write', 'payments:write', 'events:write'])
  expect(await other.problem(other.post(path, body))).toMatchObject({ status: 403, code: 'forbidden' })
})

it('a system that is no demo has no drills, and knows no pm_sim_down', async () => {
  await system.restart({})
  for (const [path, body] of CALLS) {
    expect(await shop.problem(shop.post(path, body))).toMatchObject({ status: 404, code: 'not_found' })
  }
  const orderId = await shop.place(ONE, 'pm_sim_down')
  expect(await shop.settled(orderId)).toMatchObject({
    status: 'rejected',
    reason: { code: 'payment_declined' },
  })
})
