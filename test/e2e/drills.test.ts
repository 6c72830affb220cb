import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

const DEMO = { vars: { DEMO_CATALOGUE: 'true' } }

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem({
    order: DEMO,
    payment: DEMO,
  })
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

const CALLS = [
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
