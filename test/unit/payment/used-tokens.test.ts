import { describe, expect, it } from 'vitest'
import { migrate } from '../../../src/messaging/schema.ts'
import { SWEEP_ROWS_MAX } from '../../../src/messaging/sweep.ts'
import { PaymentPartition } from '../../../src/payment/partition/payment-partition.ts'
import { PAYMENT_TABLES } from '../../../src/payment/partition/payment-store.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import { SIMULATED_BANK_TABLES, SimulatedBank } from '../../../workers/payment/gateways/simulated-bank.ts'
import {
  NOW,
  newPayment,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
} from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'

const TOKENS = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
  'pm_sim_errorOnce',
  'pm_sim_errorSticky',
  'pm_sim_slow',
  'pm_sim_captureDeclined',
  'pm_sim_voidDeclined',
  'pm_sim_refundDeclined',
  'pm_sim_captureErrorTwice',
  'pm_sim_voidErrorTwice',
  'pm_nobody_knows_it',
]

const textOf = (memory: { rows(): unknown }): string => JSON.stringify(memory.rows())

const paidWith = (token: string) => orderPlacedEvent({ data: { payment: { token } } })

describe('a token that was used for good', () => {
  it.each(TOKENS)('lies in no row, of the bank neither: %s', async (token) => {
    const world = createPaymentWorld()
    await world.respond(paidWith(token))
    await world.respond(orderConfirmedEvent())
    await world.memory.ringUntilRest(world.wake)
    expect(textOf(world.memory)).not.toContain(token)
    expect(textOf(world.bankMemory)).not.toContain(token)
  })

  it('goes at the look at an authorized payment, and what follows needs none', async () => {
    const world = createPaymentWorld()
    await world.respond(paidWith('pm_card_visa'))
    await world.memory.ring(world.wake)
    expect(textOf(world.memory)).not.toContain('pm_card_visa')
    await world.respond(orderConfirmedEvent())
    await world.respond(orderCancelledEvent())
    expect(world.operations()).toEqual(['authorize succeeded', 'capture succeeded', 'refund succeeded'])
  })

  it('does not come back with a repeated event', async () => {
    const world = createPaymentWorld()
    await world.respond(paidWith('pm_card_visa'))
    await world.memory.ring(world.wake)
    await world.respond(paidWith('pm_card_visa'))
    expect(textOf(world.memory)).not.toContain('pm_card_visa')
  })

  it('is kept while the bank may have to be asked again', async () => {
    const world = createPaymentWorld()
    world.bank = { ...world.bank, perform: async () => ({ kind: 'unknown', detail: 'away' }) }
    await world.respond(paidWith('pm_card_visa'))
    expect(textOf(world.memory)).toContain('pm_card_visa')
  })
})

/** A partition as the code before left it. */
const storedBefore = (payments: readonly Payment[]) => {
  const memory = createMemoryHost()
  migrate(memory.sql, PAYMENT_TABLES.slice(0, 2))
  for (const payment of payments) {
    memory.sql(
      'INSERT INTO payments VALUES (?, NULL, 0, 0, ?, ?)',
      payment.orderId,
      payment.revision,
      JSON.stringify(payment),
    )
  }
  const partition = new PaymentPartition({
    ...{ host: memory.host, bankName: 'simulator' },
    ...{ list: async () => {}, unlist: async () => {} },
  })
  return { memory, wake: () => partition.wake() }
}

describe('what the code before has stored', () => {
  it('is erased in portions, and nothing else of it changes', async () => {
    const before = Array.from({ length: SWEEP_ROWS_MAX + 1 }, (_, nth) =>
      newPayment({ orderId: `ord_0_${String(nth).padStart(26, '0')}`, status: 'captured', goal: 'capture' }),
    )
    const { memory, wake } = storedBefore(before)
    const documents = () =>
      memory
        .sql<{ document: string }>('SELECT document FROM payments ORDER BY order_id')
        .map(({ document }): Payment => JSON.parse(document))
    await memory.ring(wake)
    expect(documents().filter(({ token }) => token !== undefined)).toHaveLength(1)
    await memory.ringUntilRest(wake)
    expect(documents()).toEqual(before.map(({ token: _erased, ...rest }) => rest))
    expect(memory.rows()['sweeps']).toEqual([])
  })

  it('keeps a token that is still to be used', async () => {
    const { memory, wake } = storedBefore([newPayment()])
    await memory.ringUntil(NOW + 60_000, wake)
    expect(textOf(memory)).toContain('pm_card_visa')
    expect(memory.rows()['sweeps']).toEqual([])
  })

  it('of the bank becomes what the tokens stand for, for operations that are still to come', () => {
    const memory = createMemoryHost()
    migrate(memory.sql, SIMULATED_BANK_TABLES.slice(0, 2))
    TOKENS.forEach((token, nth) => {
      memory.sql(
        `INSERT INTO operations VALUES (?, 'key', 0, 'authorize', 15000, 'USD', ?, ?, 'succeeded', '', 0, 0)`,
        ...[`order-${nth}`, `sim_order-${nth}_1`, token],
      )
    })
    const bank = new SimulatedBank(memory.host)
    for (const token of TOKENS) expect(textOf(memory)).not.toContain(token)
    const first = (token: string, operation: 'capture' | 'void') => {
      const orderId = `order-${TOKENS.indexOf(token)}`
      const call = { operation, orderId, amountMinor: 15_000, currency: 'USD', idempotencyKey: 'later' }
      const [answered] = bank.perform([{ ...call, authorizationId: `sim_${orderId}_1` }])
      return answered?.answer.kind
    }
    expect([
      first('pm_card_visa', 'capture'),
      first('pm_sim_captureDeclined', 'capture'),
      first('pm_sim_captureErrorTwice', 'capture'),
      first('pm_sim_voidErrorTwice', 'void'),
      first('pm_nobody_knows_it', 'capture'),
    ]).toEqual(['succeeded', 'declined', 'error', 'error', 'declined'])
  })
})
