import { describe, expect, it } from 'vitest'
import type { ChangeRequest } from '../../../src/operations/partition/webhook-requests.ts'
import { CLIENT, OPERATOR, orderConfirmedEvent } from '../../support/builders.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

type World = ReturnType<typeof createWebhookWorld>

const change = (world: World, changes: Partial<ChangeRequest>) =>
  world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, ...changes })

const enabledFor = (...types: ('OrderConfirmed' | 'OrderSettled' | 'StockDepleted')[]) => {
  const world = createWebhookWorld()
  world.register('wh_1', { types })
  world.acknowledge(1)
  return world
}

const statusOf = (world: World, webhookId = 'wh_1') => world.webhook(webhookId)?.status

describe('a new webhook', () => {
  it('is pending until every order partition has stored what it wants, through a crash too', () => {
    const world = createWebhookWorld()
    expect(world.register()).toMatchObject({ ok: true, value: { status: 202, view: { status: 'pending' } } })
    world.restart()
    expect(statusOf(world)).toBe('pending')
    world.acknowledge(1)
    world.restart()
    expect(statusOf(world)).toBe('enabled')
  })

  it('is enabled by no note of what was wanted before it', () => {
    const world = enabledFor('OrderConfirmed')
    world.register('wh_2', { types: ['OrderSettled'] })
    world.acknowledge(1)
    expect(statusOf(world, 'wh_2')).toBe('pending')
    world.acknowledge(2)
    expect(statusOf(world, 'wh_2')).toBe('enabled')
  })

  it('is enabled by its own note although more is wanted since, and by a later one alone', () => {
    const world = createWebhookWorld()
    world.register('wh_1', { types: ['OrderConfirmed'] })
    world.register('wh_2', { types: ['OrderSettled'] })
    world.register('wh_3', { types: ['OrderRejected'] })
    world.acknowledge(1)
    expect(['wh_1', 'wh_2', 'wh_3'].map((id) => statusOf(world, id))).toEqual([
      ...['enabled', 'pending', 'pending'],
    ])
    world.acknowledge(3)
    expect(['wh_2', 'wh_3'].map((id) => statusOf(world, id))).toEqual(['enabled', 'enabled'])
  })

  it('is enabled by no acknowledgement of a revision that was never published', () => {
    const world = createWebhookWorld()
    world.register()
    world
      .partition()
      .subscription.acknowledge(['webhooks/WebhooksChanged/9', 'webhooks/WebhooksChanged/x', 'else/1'])
    expect(statusOf(world)).toBe('pending')
  })

  it('is enabled at once where what it wants is announced already, or is about stock', () => {
    const world = enabledFor('OrderConfirmed')
    expect(world.register('wh_2', { types: ['OrderConfirmed'] })).toMatchObject({ value: { status: 201 } })
    world.register('wh_3', { types: ['OrderSettled'] })
    expect(world.register('wh_4', { types: ['StockDepleted'] })).toMatchObject({ value: { status: 201 } })
    expect(['wh_1', 'wh_2', 'wh_4'].map((id) => statusOf(world, id))).toEqual([
      'enabled',
      'enabled',
      'enabled',
    ])
  })

  it('is pending where its types are published already and not stored yet', () => {
    const world = createWebhookWorld()
    world.register('wh_1', { types: ['OrderConfirmed'] })
    world.register('wh_2', { types: ['OrderConfirmed'] })
    expect(statusOf(world, 'wh_2')).toBe('pending')
  })

  it('gets what is announced while it is pending', () => {
    const world = createWebhookWorld()
    world.register()
    world.partition().accept([{ ...orderConfirmedEvent(), client: CLIENT.client }])
    expect(world.attemptAll({ status: 204 })).toHaveLength(1)
  })
})

describe('a webhook that is changed', () => {
  it('is pending where it wants more of orders than before', () => {
    const world = enabledFor('OrderConfirmed')
    expect(change(world, { types: ['OrderSettled'] })).toMatchObject({ value: { status: 'pending' } })
    world.acknowledge(2)
    expect(statusOf(world)).toBe('enabled')
  })

  it('is pending where it is enabled again, until that is stored and not what was before', () => {
    const world = enabledFor('OrderConfirmed')
    expect(change(world, { status: 'disabled' })).toMatchObject({ value: { status: 'disabled' } })
    world.acknowledge(2)
    expect(change(world, { status: 'enabled' })).toMatchObject({ value: { status: 'pending' } })
    world.acknowledge(1)
    world.acknowledge(2)
    expect(statusOf(world)).toBe('pending')
    world.acknowledge(3)
    expect(statusOf(world)).toBe('enabled')
  })

  it('stays enabled where it wants less, or the same elsewhere, or of stock', () => {
    const world = enabledFor('OrderConfirmed', 'OrderSettled')
    const changes = [
      { url: 'https://shop.example/other' },
      { types: ['OrderConfirmed', 'StockDepleted'] as const },
      { status: 'enabled' as const },
    ]
    expect(changes.map((each) => change(world, each))).toMatchObject([
      ...changes.map(() => ({ value: { status: 'enabled' } })),
    ])
  })

  it('stays enabled while another one is waited for', () => {
    const world = enabledFor('OrderConfirmed')
    world.register('wh_2', { types: ['OrderSettled'] })
    change(world, { url: 'https://shop.example/other' })
    expect(statusOf(world)).toBe('enabled')
  })

  it('stays pending through what else is changed of it', () => {
    const world = createWebhookWorld()
    world.register('wh_1', { types: ['OrderConfirmed', 'OrderSettled'] })
    change(world, { types: ['OrderConfirmed'] })
    world.partition().webhooks.rotate({
      ...{ webhookId: 'wh_1', caller: OPERATOR, request: undefined },
      ...{ secret: 'whsec_new', sealedSecret: 'whsec_new', overlapMs: 0 },
    })
    expect(statusOf(world)).toBe('pending')
  })

  it('is disabled, and pending no longer, where that is said while it is pending', () => {
    const world = createWebhookWorld()
    world.register()
    change(world, { status: 'disabled' })
    world.acknowledge(1)
    expect(statusOf(world)).toBe('disabled')
  })
})
