import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { LegReport } from '../../../src/order/saga.ts'
import {
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentRefunded,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { databaseBytes } from '../../support/database-bytes.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const keyed = (name: string | number) => ({
  requestKey: hashLike(`key ${name}`),
  fingerprint: hashLike('body'),
})

/** As long as the hashes that keys are kept under. */
const hashLike = (text: string): string => text.padEnd(64, '0')

const HUNDRED_LINES = Array.from({ length: 100 }, (_, nth) => ({
  productId: `product-${String(nth).padStart(55, '0')}`,
  quantity: 1,
  unitPriceMinor: 150,
  amountMinor: 150,
}))
const METADATA = Object.fromEntries(Array.from({ length: 50 }, (_, nth) => [`field-${nth}`, 'x'.repeat(500)]))

it('a repeated cancellation keeps a reference of a few hundred bytes, not the order', () => {
  const world = createOrderWorld()
  world.place({ lines: HUNDRED_LINES, metadata: METADATA })
  world.cancel({ request: keyed('first') })
  const before = databaseBytes(world.memory.sql)
  for (let nth = 0; nth < 1_000; nth += 1) {
    expect(world.cancel({ request: keyed(nth) })).toMatchObject({ ok: true, value: { status: 200 } })
  }
  const keptEach = (databaseBytes(world.memory.sql) - before) / 1_000
  expect(keptEach).toBeLessThan(400)
})

/** What an order goes through when it is cancelled after it was confirmed; each step changes what its view shows. */
const STEPS: readonly (readonly [string, (world: OrderWorld) => unknown])[] = [
  ['just cancelled', () => {}],
  ['with its stock back', (world) => world.answer(stockReleased({ revision: 3 }))],
  ['stuck at the bank', (world) => world.answer(stuck())],
  [
    'overdue',
    async (world) => {
      world.memory.advance(11 * MINUTE_MS)
      await world.wake()
    },
  ],
  ['refunded in part', (world) => world.answer(refunded('rf_1', 50, 6))],
  ['settled', (world) => world.answer(refunded('rf_2', 150, 7))],
]

const stuck = (): LegReport => {
  const amounts = { capturedAmount: 150, refundedAmount: 0 }
  return paymentCaptured({
    revision: 5,
    data: { ...amounts, stuck: { code: 'card_gone', detail: 'The card was closed.' } },
  })
}

const refunded = (refundId: string, refundedAmount: number, revision: number): LegReport =>
  paymentRefunded({ occurrence: refundId, revision, data: { refundId, capturedAmount: 150, refundedAmount } })

it('a repeated key gets its first answer byte for byte, whatever became of the order', async () => {
  const world = createOrderWorld()
  world.place({ metadata: { channel: 'web' }, reference: 'web-1' })
  world.answer(stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured())
  const firsts = new Map([
    ['the cancellation', JSON.stringify(world.cancel({ request: keyed('the cancellation') }))],
  ])
  for (const [name, step] of STEPS) {
    await step(world)
    firsts.set(name, JSON.stringify(world.cancel({ request: keyed(name) })))
  }
  expect(new Set(firsts.values()).size).toBe(firsts.size)
  world.restart()
  for (const [name, first] of firsts) {
    const again = JSON.stringify(world.cancel({ request: keyed(name) }))
    expect(again).toBe(first.replace('"isReplay":false', '"isReplay":true'))
  }
})

it('a key that older code kept with the whole order is answered from that for two days', () => {
  const world = createOrderWorld()
  world.place()
  world.cancel()
  const { requestKey, fingerprint } = keyed('old')
  const view = { ...world.view(), version: 99 }
  world.memory.sql(
    'INSERT INTO requests (request_key, fingerprint, subject, status, body, at) VALUES (?, ?, ?, ?, ?, ?)',
    ...[requestKey, fingerprint, ORDER_ID, 202, JSON.stringify(view), NOW],
  )
  world.memory.advance(2 * DAY_MS - HOUR_MS)
  expect(world.cancel({ request: keyed('old') })).toEqual({
    ok: true,
    value: { status: 202, order: view, isReplay: true },
  })
  world.memory.advance(HOUR_MS)
  expect(world.cancel({ request: keyed('old') })).toMatchObject({
    ok: true,
    value: { status: 200, isReplay: false },
  })
})

it('a placed order is answered as it was placed, until its key is over', () => {
  const world = createOrderWorld()
  const first = world.place({}, keyed('order'))
  world.cancel()
  world.memory.advance(DAY_MS)
  expect(world.place({ orderId: 'other' }, keyed('order'))).toEqual(
    first.ok && { ok: true, value: { ...first.value, isReplay: true } },
  )
})
