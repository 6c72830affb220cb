import { describe, expect, it } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { BulkResendRequest } from '../../../src/operations/partition/bulk-resend.ts'
import { CLIENT, NOW, OPERATOR, orderConfirmedEvent, STRANGER } from '../../support/builders.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

type World = ReturnType<typeof createWebhookWorld>

const happen = (world: World, ...names: string[]) =>
  world.partition().accept(
    names.map((name) => ({
      ...orderConfirmedEvent(),
      id: `${name}/OrderConfirmed`,
      client: CLIENT.client,
    })),
  )

const resend = (world: World, changes: Partial<BulkResendRequest> = {}) =>
  world.partition().deliveries.resendMany({
    ...{ webhookId: 'wh_1', caller: OPERATOR, request: undefined, status: 'failed', since: 0 },
    ...{ limit: 100, isDryRun: false, ...changes },
  })

/** Two deliveries that were made at `NOW` and one an hour later, all given up because the address was gone. */
const withFailed = (): World => {
  const world = createWebhookWorld()
  world.register()
  happen(world, 'a', 'b')
  world.attemptAll({ status: 410 })
  world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, status: 'enabled' })
  world.memory.advance(HOUR_MS)
  happen(world, 'c')
  world.attemptAll({ status: 410 })
  world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, status: 'enabled' })
  return world
}

const statuses = (world: World) =>
  Object.fromEntries((world.log() ?? []).map(({ eventId, status }) => [eventId.split('/')[0], status]))

describe('a bulk resend', () => {
  it('sends the failed deliveries of the time again, and leaves the others', () => {
    const world = withFailed()
    expect(resend(world, { since: NOW, until: NOW + 1 })).toMatchObject({
      ok: true,
      value: { view: { dryRun: false, count: 2, hasMore: false } },
    })
    expect(statuses(world)).toEqual({ a: 'pending', b: 'pending', c: 'failed' })
    expect(world.attemptAll({ status: 204 })).toHaveLength(2)
    expect(statuses(world)).toEqual({ a: 'delivered', b: 'delivered', c: 'failed' })
  })

  it('only counts in a dry run, also while the webhook is disabled', () => {
    const world = withFailed()
    world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, status: 'disabled' })
    expect(resend(world, { isDryRun: true })).toMatchObject({
      value: { view: { dryRun: true, count: 3, hasMore: false } },
    })
    expect(resend(world, { isDryRun: true, until: NOW })).toMatchObject({ value: { view: { count: 0 } } })
    expect(statuses(world)).toEqual({ a: 'failed', b: 'failed', c: 'failed' })
    expect(resend(world)).toMatchObject({ ok: false, reason: { code: 'webhook_disabled' } })
  })

  it('goes on where the portion before it ended, the oldest first, until none is left', () => {
    const world = withFailed()
    const portions = [1, 2, 3, 4].map(() => {
      const sent = resend(world, { limit: 1 })
      return [sent.ok && sent.value.view, statuses(world)]
    })
    const view = (count: number, hasMore: boolean) => ({ dryRun: false, count, hasMore })
    expect(portions).toEqual([
      [view(1, true), { a: 'pending', b: 'failed', c: 'failed' }],
      [view(1, true), { a: 'pending', b: 'pending', c: 'failed' }],
      [view(1, false), { a: 'pending', b: 'pending', c: 'pending' }],
      [view(0, false), { a: 'pending', b: 'pending', c: 'pending' }],
    ])
  })

  it('repeated under its key does nothing more, and replies the same', () => {
    const world = withFailed()
    const request = { requestKey: 'operator key-1', fingerprint: 'f' }
    const replies = [1, 2].map(() => resend(world, { limit: 1, request }))
    expect(replies).toMatchObject([
      { value: { view: { count: 1, hasMore: true }, isReplay: false } },
      { value: { view: { count: 1, hasMore: true }, isReplay: true } },
    ])
    expect(statuses(world)).toEqual({ a: 'pending', b: 'failed', c: 'failed' })
  })

  it('gives each delivery all its attempts again, within the connections of the address', async () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, ...Array.from({ length: 30 }, (_, nth) => `order-${nth}`))
    world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, status: 'disabled' })
    world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, status: 'enabled' })
    world.restart()
    expect(resend(world)).toMatchObject({ value: { view: { count: 30, hasMore: false } } })
    expect(world.references()).toHaveLength(20)
    world.attemptAll({ status: 204 })
    await world.wake()
    world.attemptAll({ status: 204 })
    expect(new Set(Object.values(statuses(world)))).toEqual(new Set(['delivered']))
  })

  it('makes deliveries due that wait for a later attempt, but none that is under way', () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 'waiting')
    world.attemptAll({ status: 500 })
    happen(world, 'under-way')
    const [underWay] = world.leaseAll()
    expect(resend(world, { status: 'pending', isDryRun: true })).toMatchObject({
      value: { view: { count: 1 } },
    })
    expect(resend(world, { status: 'pending' })).toMatchObject({
      value: { view: { count: 1, hasMore: false } },
    })
    expect(resend(world, { status: 'pending' })).toMatchObject({ value: { view: { count: 0 } } })
    expect(world.attemptAll({ status: 204 })).toMatchObject([{ attempt: 2 }])
    if (underWay === undefined) throw new Error('nothing is under way')
    world.partition().deliveries.record({ ...underWay, outcome: { status: 204 } })
    expect(statuses(world)).toEqual({ waiting: 'delivered', 'under-way': 'delivered' })
  })

  it('waits for the end of the rest of an address that fails', async () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 'a', 'b', 'c', 'd', 'e')
    world.attemptAll({ status: 500 })
    expect(resend(world, { status: 'pending' })).toMatchObject({ value: { view: { count: 5 } } })
    expect(world.references()).toEqual([])
    world.memory.advance(5 * SECOND_MS)
    await world.wake()
    expect(world.references()).toHaveLength(1)
  })

  it('leaves tests out', () => {
    const world = createWebhookWorld()
    world.register()
    const about = { webhookId: 'wh_1', deliveryId: 'msg_test', caller: OPERATOR, request: undefined }
    world.partition().deliveries.test(about)
    world.attemptAll({ status: 500 })
    expect(world.log()).toMatchObject([{ type: 'WebhookTested', status: 'failed' }])
    expect(resend(world, { isDryRun: true })).toMatchObject({ value: { view: { count: 0 } } })
  })

  it('is refused to a caller that may not manage the webhook', () => {
    expect(resend(withFailed(), { caller: STRANGER })).toMatchObject({
      reason: { code: 'webhook_not_found' },
    })
  })
})

describe('the list of deliveries', () => {
  it('is filtered by status, newest first, and continues after a position', () => {
    const world = withFailed()
    resend(world, { limit: 1 })
    world.attemptAll({ status: 204 })
    happen(world, 'd')
    const list = (status: 'failed' | 'pending' | 'delivered') =>
      world
        .partition()
        .deliveries.list('wh_1', OPERATOR, { status, limit: 10 })
        ?.deliveries.map(({ eventId }) => eventId.split('/')[0])
    expect([list('failed'), list('pending'), list('delivered')]).toEqual([['c', 'b'], ['d'], ['a']])
    const [newest] =
      world.partition().deliveries.list('wh_1', OPERATOR, { status: 'failed', limit: 1 })?.deliveries ?? []
    const after = { id: newest?.id ?? '', createdAt: NOW + HOUR_MS }
    const rest = world.partition().deliveries.list('wh_1', OPERATOR, { status: 'failed', limit: 10, after })
    expect(rest?.deliveries).toMatchObject([{ eventId: 'b/OrderConfirmed' }])
  })
})
