import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { minuteOf } from '../../../src/messaging/minutes.ts'
import type { BankResult } from '../../../src/payment/bank.ts'
import { sumByMinute } from '../../../src/payment/bank-minutes.ts'
import { NOW, ORDER_ID, orderPlacedEvent } from '../../support/builders.ts'
import { approved, declined, error } from '../../support/payment-steps.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

const answer = (world: PaymentWorld, result: BankResult): void => {
  world.begin(orderPlacedEvent())
  const report = {
    orderId: ORDER_ID,
    idempotencyKey: `${ORDER_ID}/authorize/1`,
    begunAt: NOW,
    answer: result,
  }
  world.partition().record([{ ...report, operation: 'authorize', tookMs: 9 }])
}

const counted = (world: PaymentWorld) => sumByMinute(world.partition().minutes())

describe('the calls of the bank by the minute', () => {
  it('tell failures from calls that the bank answered, and a declined card is no failure', () => {
    const results = { approved: approved(), declined: declined, error }
    const failures = Object.entries(results).map(([name, result]) => {
      const world = createPaymentWorld()
      answer(world, result)
      return [name, counted(world)]
    })
    const minute = minuteOf(NOW)
    expect(failures).toEqual([
      ['approved', [{ minute, calls: 1, failures: 0 }]],
      ['declined', [{ minute, calls: 1, failures: 0 }]],
      ['error', [{ minute, calls: 1, failures: 1 }]],
    ])
  })

  it('writes nothing for it', () => {
    const world = createPaymentWorld()
    answer(world, error)
    const before = world.memory.rows()
    world.memory.advance(MINUTE_MS)
    counted(world)
    expect(world.memory.rows()).toEqual(before)
  })

  it('adds up what the partitions counted, and leaves out a minute without a call', () => {
    const minute = (at: number, counts: Record<string, number>) => ({
      minute: at,
      counts,
      buckets: [],
      peaks: {},
    })
    const parts = [
      minute(7, { bankCalls: 3, bankFailures: 1 }),
      minute(7, { bankCalls: 2 }),
      minute(8, { listed: 1 }),
    ]
    expect(sumByMinute(parts)).toEqual([{ minute: 7, calls: 5, failures: 1 }])
  })
})
