import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/contracts/caller.ts'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { KEPT_MS } from '../../../src/operations/webhook-delivery.ts'
import {
  CLIENT,
  NOW,
  OPERATOR,
  orderCancelledEvent,
  orderConfirmedEvent,
  STRANGER,
} from '../../support/builders.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const HOUR_MS = 60 * MINUTE_MS
const confirmed = { ...orderConfirmedEvent(), client: CLIENT.client }
const cancelled = { ...orderCancelledEvent(), client: CLIENT.client }

const listening = () => {
  const world = createWebhookWorld()
  world.register()
  world.partition().subscription.acknowledge(['webhooks/WebhooksChanged/1'])
  world.published()
  return world
}

describe('an event that a webhook wants', () => {
  it('is delivered once, however often it comes', () => {
    const world = listening()
    world.partition().accept([confirmed, confirmed])
    world.partition().accept([confirmed])
    expect(world.attemptAll({ status: 204 })).toHaveLength(1)
    world.partition().accept([confirmed])
    expect(world.attemptAll({ status: 204 })).toEqual([])
  })

  it('survives a crash before it was tried', async () => {
    const world = listening()
    world.partition().accept([confirmed])
    world.restart()
    await world.memory.ringUntil(NOW + MINUTE_MS, world.wake)
    expect(world.attemptAll({ status: 204 })).toMatchObject([{ body: JSON.stringify(orderConfirmedEvent()) }])
  })

  it('is attempted again without a report of the attempt, with the same id and body', async () => {
    const world = listening()
    world.partition().accept([confirmed])
    const [first] = world.leaseAll()
    world.restart()
    await world.memory.ringUntil(NOW + 30 * SECOND_MS, world.wake)
    const [second] = world.attemptAll({ status: 204 })
    expect(second).toEqual({ ...first, attempt: 2 })
    expect(world.log()).toMatchObject([{ status: 'delivered', attempts: 2 }])
  })

  it('is put on the queue again when the queue forgot it', async () => {
    const world = listening()
    world.partition().accept([confirmed])
    await world.memory.ringUntil(NOW + 10 * MINUTE_MS, world.wake)
    expect(world.queued()).toEqual(['msg_0001', 'msg_0001', 'msg_0001', 'msg_0001'])
    expect(world.attemptAll({ status: 204 })).toHaveLength(1)
  })

  it('waits for no other webhook: each has its own delivery', () => {
    const world = listening()
    world.register('wh_2')
    world.partition().accept([confirmed])
    const tries = world.leaseAll()
    expect(tries.map(({ webhookId }) => webhookId)).toEqual(['wh_1', 'wh_2'])
    expect(new Set(tries.map(({ deliveryId }) => deliveryId)).size).toBe(2)
  })

  it('can be looked up for seven days after it was delivered, and is forgotten then', async () => {
    const world = listening()
    world.partition().accept([confirmed])
    world.attemptAll({ status: 204 })
    await world.memory.ringUntil(NOW + KEPT_MS - 1, world.wake)
    expect(world.log()).toHaveLength(1)
    await world.memory.ringUntil(NOW + KEPT_MS, world.wake)
    expect(world.log()).toEqual([])
  })
})

describe('an address that', () => {
  it('answers 410 gets nothing more, also nothing that was on its way', () => {
    const world = listening()
    world.partition().accept([confirmed, cancelled])
    const [first] = world.leaseAll()
    if (first === undefined) throw new Error('nothing was begun')
    world.partition().deliveries.record({ ...first, outcome: { status: 410 } })
    expect(world.webhook()).toMatchObject({ status: 'disabled', disabledReason: 'gone' })
    expect(world.log()?.map(({ status }) => status)).toEqual(['failed', 'failed'])
    expect(world.attemptAll({ status: 204 })).toEqual([])
  })

  it('takes nothing for a day is disabled', async () => {
    const world = listening()
    world.partition().accept([confirmed])
    while (world.webhook()?.status === 'enabled') {
      world.attemptAll({ error: 'No connection.' })
      if (world.webhook()?.status === 'enabled') await world.memory.ring(world.wake)
    }
    const hours = (world.memory.now() - NOW) / HOUR_MS
    expect(world.webhook()).toMatchObject({ disabledReason: 'unreachable' })
    expect([hours > 22, hours < 26]).toEqual([true, true])
  })

  it('refuses one event for a day and takes others stays enabled', async () => {
    const world = listening()
    world.partition().accept([confirmed])
    const [first] = world.attemptAll({ status: 500 })
    world.partition().accept([cancelled])
    world.attemptAll({ status: 204 })
    const isOver = () => world.log()?.find(({ id }) => id === first?.deliveryId)?.status === 'failed'
    while (!isOver()) {
      await world.memory.ring(world.wake)
      world.attemptAll({ status: 500 })
    }
    expect(world.webhook()).toMatchObject({ status: 'enabled' })
  })

  it('was given up gets a delivery again when it is resent, once it is enabled', () => {
    const world = listening()
    world.partition().accept([confirmed])
    const [first] = world.attemptAll({ status: 410 })
    const reference = {
      webhookId: 'wh_1',
      deliveryId: first?.deliveryId ?? '',
      caller: CLIENT,
      request: undefined,
    }
    const resend = () =>
      world
        .partition()
        .deliveries.resend({ ...reference, caller: { client: 'admin', scopes: ['operations'] } })
    expect(resend()).toMatchObject({ ok: false, reason: { code: 'webhook_disabled' } })
    world.partition().webhooks.change({
      webhookId: 'wh_1',
      caller: { client: 'admin', scopes: ['operations'] },
      status: 'enabled',
    })
    expect(resend()).toMatchObject({ ok: true, value: { view: { status: 'pending' } } })
    expect(world.attemptAll({ status: 204 })).toMatchObject([
      { deliveryId: first?.deliveryId, body: first?.body },
    ])
  })
})

describe('a webhook of another client', () => {
  it('cannot be seen, changed or removed', () => {
    const world = createWebhookWorld()
    world.register('wh_1', {}, CLIENT)
    const { webhooks } = world.partition()
    expect(webhooks.get('wh_1', STRANGER)).toBeUndefined()
    expect(webhooks.list(STRANGER, { after: '', limit: 10 })).toEqual([])
    expect(webhooks.remove('wh_1', STRANGER)).toBe(false)
    expect(webhooks.change({ webhookId: 'wh_1', caller: STRANGER, status: 'disabled' })).toMatchObject({
      reason: { code: 'webhook_not_found' },
    })
    expect(webhooks.get('wh_1', CLIENT)).toMatchObject({ status: 'pending', hears: 'own' })
  })

  it('that hears of all is for operators alone, also against another key of its own client', () => {
    const world = createWebhookWorld()
    world.register('wh_1', {}, { client: CLIENT.client, scopes: ['operations'] })
    const { webhooks } = world.partition()
    const url = 'https://elsewhere.example/'
    expect(webhooks.change({ webhookId: 'wh_1', caller: CLIENT, url })).toMatchObject({
      reason: { code: 'webhook_not_found' },
    })
    expect([webhooks.get('wh_1', CLIENT), webhooks.list(CLIENT, { after: '', limit: 10 })]).toEqual([
      undefined,
      [],
    ])
  })

  it('cannot be turned elsewhere by a key that may not read what it hears', () => {
    const world = createWebhookWorld()
    const stockKeeper: Caller = { client: CLIENT.client, scopes: ['orders:write', 'inventory:read'] }
    world.register('wh_1', { types: ['StockDepleted'] }, stockKeeper)
    const { webhooks } = world.partition()
    const change = { webhookId: 'wh_1', caller: CLIENT }
    expect(webhooks.change({ ...change, url: 'https://elsewhere.example/' })).toMatchObject({
      reason: { code: 'forbidden', scope: 'inventory:read' },
    })
    expect(webhooks.change({ ...change, status: 'disabled' })).toMatchObject({ ok: true })
  })

  it('does not count towards the twenty that a client may have', () => {
    const world = createWebhookWorld()
    const made = Array.from({ length: 21 }, (_, index) => world.register(`wh_${index}`, {}, CLIENT).ok)
    expect(made.filter((isMade) => isMade)).toHaveLength(20)
    expect(made.at(-1)).toBe(false)
    expect(world.register('wh_other', {}, STRANGER).ok).toBe(true)
  })
})

describe('the order service', () => {
  const CHANGED = 'order webhooks/WebhooksChanged/1'

  it('gets the wanted types, and again until it acknowledges them, after a crash too', async () => {
    const world = createWebhookWorld()
    world.register()
    expect(world.published()).toEqual([CHANGED])
    world.restart()
    await world.memory.ringUntil(NOW + 20 * SECOND_MS, world.wake)
    expect(world.published()).toEqual([CHANGED, CHANGED])
    world.partition().subscription.acknowledge(['webhooks/WebhooksChanged/1'])
    await world.memory.ringUntil(NOW + HOUR_MS, world.wake)
    expect(world.published()).toEqual([])
  })

  it('gets the wanted types only where they change', () => {
    const world = listening()
    world.register('wh_2', { types: ['OrderSettled'] })
    expect(world.published()).toEqual([])
    world.partition().webhooks.remove('wh_2', { client: 'admin', scopes: ['operations'] })
    expect(world.published()).toEqual([])
    world.partition().webhooks.remove('wh_1', { client: 'admin', scopes: ['operations'] })
    expect(world.published()).toEqual(['order webhooks/WebhooksChanged/2'])
  })

  it('gets the wanted types again when it announces others', () => {
    const world = createWebhookWorld()
    world.partition().accept([confirmed])
    expect(world.published()).toEqual(['order webhooks/WebhooksChanged/0'])
  })

  it('is waited for by who registers, until it knows', async () => {
    const world = createWebhookWorld()
    world.register()
    const order: string[] = []
    const noted = world
      .partition()
      .subscription.untilAcknowledged('wh_1')
      .then(() => order.push('told'))
    order.push('waiting')
    world.partition().subscription.acknowledge(['webhooks/WebhooksChanged/1'])
    await noted
    expect(order).toEqual(['waiting', 'told'])
    await world.partition().subscription.untilAcknowledged('wh_1')
  })

  it('is reminded of the wanted types where nothing is outstanding, and not at all where no webhook wants orders', () => {
    const world = createWebhookWorld()
    const reminded = () => {
      world.partition().subscription.remind()
      return world.published()
    }
    expect(reminded()).toEqual([])
    world.register()
    expect(reminded()).toEqual([CHANGED])
    world.acknowledge(1)
    expect(reminded()).toEqual([CHANGED])
    world.partition().webhooks.remove('wh_1', OPERATOR)
    world.published()
    world.acknowledge(2)
    expect(reminded()).toEqual([])
  })
})
