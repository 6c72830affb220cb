import { beforeAll, describe, expect, it } from 'vitest'
import { storySchema } from '../../src/contracts/http/story.ts'
import { eventually } from '../support/eventually.ts'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

type Shop = ReturnType<typeof openShop>

let system: SharedSystem
let operator: Shop
let owner: Shop
let orderId: string

beforeAll(async () => {
  system = await sharedSystem()
  operator = openShop(system)
  await operator.stock('P001', 1_000)
  owner = await openShopOf(system, 'owner', ['orders:read', 'orders:write'])
  orderId = await owner.place([{ productId: 'P001', quantity: 2 }])
  await owner.settled(orderId)
})

const storyOf = async (id: string, shop = operator) => {
  const { status, body } = await shop.call(`/orders/${id}/story`)
  expect(status).toBe(200)
  return storySchema.parse(body)
}

describe('GET /orders/{orderId}/story', () => {
  it('has the order, its events, its payment, what the bank did, and its stock', async () => {
    const story = await storyOf(orderId)
    expect(story.unread).toEqual([])
    expect(story.order).toEqual(await operator.read(orderId))
    expect(story.events.map(({ type }) => type).at(-1)).toBe('OrderSettled')
    expect(story.payment).toEqual((await operator.call(`/payments/${orderId}`)).body)
    expect(story.bank?.map(({ type, amount, outcome }) => [type, amount, outcome])).toEqual([
      ['authorize', 100, 'succeeded'],
      ['capture', 100, 'succeeded'],
    ])
    const items = [{ productId: 'P001', quantity: 2 }]
    expect(story.stock?.reservations).toMatchObject([{ status: 'committed', items }])
    expect(story.stock?.movements.map(({ kind }) => kind)).toEqual(['reservation', 'commit'])
  })

  it('has its dead letters, and who did what about them and why', async () => {
    const event = { ...(await storyOf(orderId)).events[0], schemaversion: 99 }
    await system.send('inventory-inbox', [event])
    const letters = await eventually(
      async () => (await storyOf(orderId)).deadLetters ?? [],
      (found) => found.length > 0,
    )
    const reason = 'a test'
    await operator.post(`/dead-letters/${letters[0]?.id}/discard`, { reason })
    const { deadLetters, audit } = await storyOf(orderId)
    expect(deadLetters).toMatchObject([{ reason: 'newer_version', status: 'discarded' }])
    expect(audit).toMatchObject([
      { action: 'discarded', client: 'bootstrap', reason, deadLetterId: letters[0]?.id },
    ])
  })

  it('has the deliveries to webhooks, for those who may manage the webhooks', async () => {
    const webhook = { url: 'http://127.0.0.1:9/', types: ['OrderSettled'] }
    const { body: registered } = await owner.post('/webhooks', webhook)
    await operator.post('/webhooks', webhook)
    await eventually(
      async () => (await owner.call(`/webhooks/${registered.id}`)).body.status,
      (status) => status === 'enabled',
    )
    const wanted = await owner.place([{ productId: 'P001', quantity: 1 }])
    const webhooksOf = async (shop: Shop, count: number) =>
      (
        await eventually(
          async () => (await storyOf(wanted, shop)).deliveries ?? [],
          (found) => found.length >= count,
        )
      ).map(({ webhookId, type }) => [webhookId === registered.id, type])
    expect((await webhooksOf(operator, 2)).sort()).toEqual([
      [false, 'OrderSettled'],
      [true, 'OrderSettled'],
    ])
    expect(await webhooksOf(owner, 1)).toEqual([[true, 'OrderSettled']])
  })

  it('names the parts that the key may not see, with the scope that they need', async () => {
    const story = await storyOf(orderId, owner)
    expect(story.payment).toBeUndefined()
    const scopes = story.unread.map(({ part, code, detail }) => [part, code, /scope (\S+)/.exec(detail)?.[1]])
    expect(scopes).toEqual([
      ['payment', 'forbidden', 'payments:read'],
      ['bank', 'forbidden', 'payments:read'],
      ['stock', 'forbidden', 'inventory:read'],
      ['deadLetters', 'forbidden', 'operations'],
      ['audit', 'forbidden', 'operations'],
    ])
  })

  it('names the parts that do not respond, and shows the others', async () => {
    const { OPERATIONS_DB } = await system.env('operations')
    await OPERATIONS_DB.exec('ALTER TABLE audit RENAME TO away')
    const story = await storyOf(orderId)
    await OPERATIONS_DB.exec('ALTER TABLE away RENAME TO audit')
    // A letter shows who closed it, so both parts need the table.
    expect(story.unread).toMatchObject([
      { part: 'deadLetters', code: 'unavailable' },
      { part: 'audit', code: 'unavailable' },
    ])
    expect(story.unread[0]?.detail).toContain('no such table')
    expect(story.payment?.status).toBe('captured')
    expect(story.deliveries).toEqual([])
  })
})
