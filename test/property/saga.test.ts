import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { parseEvent } from '../../src/contracts/parse-event.ts'
import type { Order } from '../../src/order/order.ts'
import { decisionEvent, publicEventsOf } from '../../src/order/order-events.ts'
import { viewOrder } from '../../src/order/order-view.ts'
import { decide, type OrderFact, outstandingLegs } from '../../src/order/saga.ts'
import {
  NOW,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentFailed,
  paymentRefunded,
  paymentVoided,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../support/builders.ts'
import { cancellationRequested, deadlinePassed, effectOverdue, orderPlaced } from '../support/given.ts'

const stuck = { code: 'closed', detail: 'No.' }
const FACTS: readonly OrderFact[] = [
  stockReserved(),
  stockRejected(),
  stockCommitted(),
  stockReleased(),
  paymentAuthorized(),
  paymentAuthorized({ data: { stuck } }),
  paymentDeclined(),
  paymentCaptured(),
  paymentCaptured({ data: { refundedAmount: 20, stuck } }),
  paymentFailed(),
  paymentVoided(),
  paymentRefunded({ data: { refundId: 'rf_1', refundedAmount: 50 } }),
  paymentRefunded({ data: { refundId: 'rf_1', refundedAmount: 150 } }),
  paymentRefunded({ data: { refundId: 'rf_2', refundedAmount: 150 } }),
  paymentRefunded(),
  deadlinePassed(),
  effectOverdue(),
  cancellationRequested(),
  cancellationRequested('Another reason.'),
]

type Step = { before: Order; fact: OrderFact; after: Order }

/** Applies facts to an order step by step, in any order and with any repetition. */
const stepsOf = (facts: readonly OrderFact[]): Step[] => {
  let order = orderPlaced()
  return facts.map((fact, index) => {
    const before = order
    order = decide(before, fact, NOW + index + 1)
    return { before, fact, after: order }
  })
}

const histories = fc.array(fc.constantFrom(...FACTS), { maxLength: 40, size: 'max' })

const always = (invariant: (steps: Step[]) => void, numRuns = 500) =>
  fc.assert(
    fc.property(histories, (facts) => {
      invariant(stepsOf(facts))
    }),
    { numRuns },
  )
const atEveryStep = (invariant: (step: Step) => void, numRuns = 500) =>
  always((steps) => {
    for (const step of steps) invariant(step)
  }, numRuns)

const INVENTORY_RANK = { pending: 0, reserved: 1, committed: 2, released: 3, rejected: 3 }
const PAYMENT_RANK = {
  pending: 0,
  authorized: 1,
  captured: 2,
  refunded: 3,
  declined: 3,
  voided: 3,
  failed: 3,
}

describe('for all reports, in any order and with any repetition', () => {
  it('G2: an order is decided once, apart from a confirmed one that is cancelled', () => {
    always((steps) => {
      const statuses = ['pending', ...steps.map(({ after }) => after.status)]
      const path = statuses.filter((status, index) => status !== statuses[index - 1]).join(' → ')
      expect([
        'pending',
        'pending → confirmed',
        'pending → rejected',
        'pending → cancelled',
        'pending → confirmed → cancelled',
      ]).toContain(path)
    })
  })

  it('a decision keeps its time and its reason', () => {
    atEveryStep(({ before, after }) => {
      if (before.status === 'pending' || before.status !== after.status) return
      expect(after).toMatchObject({
        decidedAt: before.decidedAt,
        ...('reason' in before && { reason: before.reason }),
      })
    })
  })

  it('the version grows with every change, by one for each recorded fact', () => {
    atEveryStep(({ before, after }) => {
      const recorded = after.history.length - before.history.length
      const unrecorded = after.version - before.version - recorded
      if (after === before) expect([recorded, unrecorded]).toEqual([0, 0])
      else expect(recorded === 0 ? [1] : [0, 1]).toContain(unrecorded)
    })
  })

  it('the history only grows', () => {
    atEveryStep(({ before, after }) => {
      expect(after.history.slice(0, before.history.length)).toEqual(before.history)
    }, 100)
  })

  it('legs never move back, and an end is final', () => {
    atEveryStep(({ before, after }) => {
      const [was, is] = [before.inventory.status, after.inventory.status]
      expect(was === is || INVENTORY_RANK[is] > INVENTORY_RANK[was]).toBe(true)
      const [paid, pays] = [before.payment.status, after.payment.status]
      expect(paid === pays || PAYMENT_RANK[pays] > PAYMENT_RANK[paid]).toBe(true)
    })
  })

  it('amounts never shrink', () => {
    atEveryStep(({ before, after }) => {
      expect(after.payment.capturedMinor).toBeGreaterThanOrEqual(before.payment.capturedMinor)
      expect(after.payment.refundedMinor).toBeGreaterThanOrEqual(before.payment.refundedMinor)
    })
  })

  it('G2: the same fact once more changes nothing', () => {
    atEveryStep(({ fact, after }) => {
      expect(decide(after, fact, NOW + 1_000)).toBe(after)
    })
  })

  it('an order is settled only where nothing is outstanding', () => {
    atEveryStep(({ before, after }) => {
      const isNewlySettled =
        'settledAt' in after && !('settledAt' in before && before.status === after.status)
      if (isNewlySettled) expect(outstandingLegs(after)).toEqual([])
    })
  })

  it('a decision is settled at most once', () => {
    always((steps) => {
      const history = steps.at(-1)?.after.history ?? []
      const count = (type: string) => history.filter((entry) => entry.type === type).length
      expect(count('OrderSettled')).toBeLessThanOrEqual(
        count('OrderConfirmed') + count('OrderRejected') + count('OrderCancelled'),
      )
    })
  })

  it('no two of its events have the same id', () => {
    always((steps) => {
      const ids = publicEventsOf(steps.at(-1)?.after ?? orderPlaced()).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    })
  })

  it('an outstanding event of an order can be read by its consumer', () => {
    atEveryStep(({ after }) => {
      const event = decisionEvent(after)
      expect(parseEvent(JSON.parse(JSON.stringify(event)), 'USD')).toEqual({ ok: true, value: event })
    }, 30)
  })

  it('an order can be shown', () => {
    atEveryStep(({ after }) => {
      expect(orderSchema.safeParse(viewOrder(after)).error).toBeUndefined()
    }, 30)
  })
})

describe('the votes of both legs', () => {
  const votes = fc.record({
    stock: fc.constantFrom<OrderFact>(stockReserved(), stockRejected()),
    money: fc.constantFrom<OrderFact>(paymentAuthorized(), paymentDeclined()),
    repeats: fc.array(fc.boolean(), { maxLength: 8 }),
    isStockFirst: fc.boolean(),
  })

  it('decide the same in either order and with any repetition', () => {
    fc.assert(
      fc.property(votes, ({ stock, money, repeats, isStockFirst }) => {
        const once = isStockFirst ? [stock, money] : [money, stock]
        const facts = [...once, ...repeats.map((isStock) => (isStock ? stock : money))]
        const isYes = stock.type === 'StockReserved' && money.type === 'PaymentAuthorized'
        expect(stepsOf(facts).at(-1)?.after.status).toBe(isYes ? 'confirmed' : 'rejected')
      }),
    )
  })
})
