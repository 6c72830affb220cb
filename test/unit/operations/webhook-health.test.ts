import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS, SECOND_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { afterFailure, afterSuccess, HEALTHY } from '../../../src/operations/endpoint.ts'
import { CLIENT, NOW, OPERATOR, orderConfirmedEvent } from '../../support/builders.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

type World = ReturnType<typeof createWebhookWorld>

const happen = (world: World, count: number, from = 0) =>
  world.partition().accept(
    Array.from({ length: count }, (_, nth) => ({
      ...orderConfirmedEvent(),
      id: `ord_${from + nth}/OrderConfirmed`,
      client: CLIENT.client,
    })),
  )

const healthOf = (world: World) => world.webhook()?.health

describe('the health of a webhook', () => {
  it('is good, without anything to say, while its address takes events', () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 3)
    world.attemptAll({ status: 204 })
    expect(healthOf(world)).toEqual({ status: 'healthy', consecutiveFailures: 0, pending: 0, failed: 0 })
  })

  it('shows since when a dead address fails, why, how often, and when it is tried again', async () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 2)
    world.attemptAll({ status: 503 })
    world.memory.advance(6 * SECOND_MS)
    await world.wake()
    world.attemptAll({ error: 'No response within 15 s.' })
    const [first, second] = world.log()?.map(({ nextTryAt = '' }) => nextTryAt) ?? []
    expect(first).not.toBe(second)
    expect(healthOf(world)).toEqual({
      status: 'failing',
      failingSince: toTimestamp(NOW),
      consecutiveFailures: 4,
      lastError: 'No response within 15 s.',
      nextTryAt: [first, second].toSorted()[0],
      pending: 2,
      failed: 0,
    })
  })

  it('names the end of the rest as the next attempt, where that comes later', () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 9)
    world.attemptAll({ status: 429, retryAfterMs: 10 * MINUTE_MS })
    happen(world, 1, 100)
    expect(healthOf(world)).toMatchObject({ nextTryAt: toTimestamp(NOW + 10 * MINUTE_MS), pending: 10 })
  })

  it('survives a crash, and ends with the first success', async () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 1)
    world.attemptAll({ status: 500 })
    world.restart()
    expect(healthOf(world)).toMatchObject({ status: 'failing', lastStatus: 500 })
    world.memory.advance(6 * SECOND_MS)
    await world.wake()
    world.attemptAll({ status: 204 })
    expect(healthOf(world)).toEqual({ status: 'healthy', consecutiveFailures: 0, pending: 0, failed: 0 })
  })

  it('of a disabled webhook counts what was given up, and has no next attempt', () => {
    const world = createWebhookWorld()
    world.register()
    happen(world, 3)
    world.attemptAll({ status: 410 })
    expect(world.webhook()).toMatchObject({ status: 'disabled', disabledReason: 'gone' })
    expect(healthOf(world)).toEqual({
      status: 'failing',
      failingSince: toTimestamp(NOW),
      consecutiveFailures: 1,
      lastStatus: 410,
      pending: 0,
      failed: 3,
    })
  })

  it('selects the webhooks that fail', () => {
    const world = createWebhookWorld()
    world.register('wh_1', { types: ['OrderConfirmed'] })
    world.register('wh_2', { types: ['OrderSettled'] })
    happen(world, 1)
    world.attemptAll({ status: 500 })
    const { webhooks } = world.partition()
    const page = { after: '', limit: 10, isFailing: true }
    expect(webhooks.list(OPERATOR, page).map(({ id }) => id)).toEqual(['wh_1'])
    expect(webhooks.list(OPERATOR, { ...page, after: 'wh_1' })).toEqual([])
    expect(webhooks.list(OPERATOR, { after: '', limit: 10 }).map(({ id }) => id)).toEqual(['wh_1', 'wh_2'])
  })
})

describe('an address', () => {
  it('remembers how its last failure ended, and forgets it with a success', () => {
    const refused = afterFailure(HEALTHY, { status: 500 }, NOW)
    const silent = afterFailure(refused, { error: 'No response.' }, NOW + 1)
    expect(refused).toMatchObject({ lastStatus: 500, lastError: null })
    expect(silent).toMatchObject({ lastStatus: null, lastError: 'No response.', failingSince: NOW })
    expect(afterSuccess(silent, NOW + DAY_MS)).toEqual({ ...HEALTHY, recoveredAt: NOW + DAY_MS })
  })
})
