import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/contracts/caller.ts'
import { HOUR_MS } from '../../src/kernel/instant.ts'
import { KEYS_AN_HOUR_MAX } from '../../src/messaging/hourly-allowance.ts'
import { TESTS_AN_HOUR_MAX } from '../../src/operations/partition/requested-deliveries.ts'
import { createOrderWorld } from '../support/order-world.ts'
import { createStockWorld } from '../support/stock-world.ts'
import { createWebhookWorld } from '../support/webhook-world.ts'

const keyed = (nth: number, client: string) => ({
  requestKey: `${client} ${nth}`,
  fingerprint: 'body',
  client,
})

type Answer = { ok: boolean; reason?: unknown }
type Kind = { begin(): { ask(nth: number, client: string): Answer; advance(ms: number): void } }

const owner: Caller = { client: 'shop', scopes: ['operations'] }

/** Requests that place no order, each under a key of its own. */
const KINDS: Record<string, Kind> = {
  'a cancellation that changes nothing': {
    begin: () => {
      const world = createOrderWorld()
      world.place()
      world.cancel()
      return {
        ask: (nth, client) => world.cancel({ caller: owner, request: keyed(nth, client) }),
        advance: world.memory.advance,
      }
    },
  },
  'an adjustment': {
    begin: () => {
      const world = createStockWorld()
      world.stock({ P1: 1 })
      return {
        ask: (nth, client) => world.adjust('P1', 1, { request: keyed(nth, client) }),
        advance: world.memory.advance,
      }
    },
  },
  "a rotation of a webhook's secret": {
    begin: () => {
      const world = createWebhookWorld()
      world.register('wh_1')
      const { webhooks } = world.partition()
      const wanted = {
        webhookId: 'wh_1',
        caller: owner,
        secret: 'whsec_2',
        sealedSecret: 'whsec_2',
        overlapMs: 0,
      }
      return {
        ask: (nth, client) => webhooks.rotate({ ...wanted, request: keyed(nth, client) }),
        advance: world.memory.advance,
      }
    },
  },
}

describe.each(Object.entries(KINDS))('%s', (_, { begin }) => {
  it('is refused a new key after so many in an hour, and answers the old ones still', () => {
    const { ask, advance } = begin()
    for (let nth = 0; nth < KEYS_AN_HOUR_MAX; nth += 1) expect(ask(nth, 'shop').ok).toBe(true)
    const refused = { ok: false, reason: { code: 'rate_limited', retryAfterSeconds: 3_600 } }
    expect(ask(KEYS_AN_HOUR_MAX, 'shop')).toEqual(refused)
    expect(ask(7, 'shop')).toMatchObject({ ok: true, value: { isReplay: true } })
    expect(ask(0, 'other')).toMatchObject({ ok: true, value: { isReplay: false } })
    expect(ask(0, 'bootstrap')).toMatchObject({ ok: true, value: { isReplay: false } })
    advance(HOUR_MS)
    expect(ask(KEYS_AN_HOUR_MAX, 'shop')).toMatchObject({ ok: true, value: { isReplay: false } })
  })
})

it('an order is placed under as many keys as a shop likes', () => {
  const world = createOrderWorld()
  for (let nth = 0; nth <= KEYS_AN_HOUR_MAX; nth += 1) {
    const orderId = `ord_0_${String(nth).padStart(26, '0')}`
    expect(world.place({ orderId }, keyed(nth, 'shop')).ok).toBe(true)
  }
})

it('a webhook is tested so often in an hour, with a key or without', () => {
  const world = createWebhookWorld()
  world.register('wh_1')
  const test = (nth: number, caller: Caller) =>
    world.partition().deliveries.test({
      ...{ webhookId: 'wh_1', deliveryId: `msg_test_${caller.client}_${nth}`, caller },
      request: undefined,
    })
  for (let nth = 0; nth < TESTS_AN_HOUR_MAX; nth += 1) expect(test(nth, owner).ok).toBe(true)
  expect(test(TESTS_AN_HOUR_MAX, owner)).toEqual({
    ok: false,
    reason: { code: 'rate_limited', retryAfterSeconds: 3_600 },
  })
  const bootstrap: Caller = { client: 'bootstrap', scopes: ['operations'] }
  expect(test(0, bootstrap).ok).toBe(true)
  world.memory.advance(HOUR_MS)
  expect(test(TESTS_AN_HOUR_MAX, owner).ok).toBe(true)
})
