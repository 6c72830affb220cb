import type { Context } from 'hono'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createInboxLooks } from '../../../workers/order/edge/inbox-looks.ts'
import type { OrderRoutesEnv } from '../../../workers/order/variables.ts'
import { NOW } from '../../support/builders.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})

afterEach(() => {
  vi.useRealTimers()
})

type World = { messages: number; oldestAt: number; reportAgeMs: number | undefined; looks: number }

/** A minute of a thousand orders before each look. */
const setUp = (world: World) => {
  const metrics = async () => {
    world.looks += 1
    return { backlogCount: world.messages, oldestMessageTimestamp: new Date(world.oldestAt) }
  }
  const object = { reportAgesMs: async () => ({ payment: world.reportAgeMs }) }
  const background: Promise<unknown>[] = []
  const c = {
    env: { PAYMENT_INBOX: { metrics }, INVENTORY_INBOX: { metrics: async () => ({ backlogCount: 0 }) } },
    var: { openPartitions: async () => ({ assign: () => ({ label: '0' }), at: () => object }) },
    executionCtx: { waitUntil: (work: Promise<unknown>) => background.push(work) },
  } as unknown as Context<OrderRoutesEnv>
  const inboxes = createInboxLooks()
  const pass = async (seconds: number) => {
    vi.setSystemTime(Date.now() + seconds * 1_000)
    for (let placed = 0; placed < 1_000; placed += 1) inboxes.onPlacement(c)
    await Promise.all(background.splice(0))
    return inboxes.share()
  }
  return { c, inboxes, pass }
}

it('G6: takes every order for the hour in which the payment consumer does not work', async () => {
  const world = { messages: 0, oldestAt: NOW, reportAgeMs: undefined, looks: 0 }
  const { pass } = setUp(world)
  for (let minute = 0; minute < 60; minute += 1) {
    world.messages += 1_000
    expect(await pass(60)).toBe(1)
  }
  expect(world.looks).toBe(60)
})

it('takes the share that the payment consumer keeps up with, while it works and falls behind', async () => {
  const world = { messages: 1_000, oldestAt: NOW - 60_000, reportAgeMs: 50, looks: 0 }
  const { pass } = setUp(world)
  for (let looks = 0; looks < 4; looks += 1) {
    world.messages += 500
    world.oldestAt += 5_000
    await pass(10)
  }
  expect(await pass(0)).toBe(0.5)
})

it('looks once in ten seconds at most, and at a slow shop hardly ever', async () => {
  const world = { messages: 0, oldestAt: NOW, reportAgeMs: 50, looks: 0 }
  const { c, inboxes, pass } = setUp(world)
  for (let second = 0; second < 20; second += 1) await pass(1)
  expect(world.looks).toBe(2)
  for (let hour = 0; hour < 50; hour += 1) {
    vi.setSystemTime(Date.now() + 3_600_000)
    inboxes.onPlacement(c)
  }
  expect(world.looks).toBe(3)
})

it('takes every order where the inboxes cannot be looked at any more', async () => {
  const world = { messages: 1_000, oldestAt: NOW - 60_000, reportAgeMs: 50, looks: 0 }
  const { inboxes, pass } = setUp(world)
  for (let looks = 0; looks < 4; looks += 1) {
    world.messages += 500
    world.oldestAt += 5_000
    await pass(10)
  }
  expect(inboxes.share()).toBe(0.5)
  vi.setSystemTime(Date.now() + 121_000)
  expect(inboxes.share()).toBe(1)
})
