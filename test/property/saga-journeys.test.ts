import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DomainEvent } from '../../src/contracts/events.ts'
import { isSettled, type Order } from '../../src/order/order.ts'
import { decisionEvent } from '../../src/order/order-events.ts'
import { decide, type LegReport, type OrderFact, outstandingLegs } from '../../src/order/saga.ts'
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
import { cancellationRequested, deadlinePassed, orderPlaced } from '../support/given.ts'

/** A leg's report on each of the order's decisions. Repeated and late events do not change an end. */
type Leg = (event: DomainEvent) => LegReport

const GIVING_BACK = ['OrderRejected', 'OrderCancelled']

const inventoryLeg = (hasStock: boolean): Leg => {
  let state: LegReport | undefined
  return ({ type }) => {
    const was = state?.type
    if (GIVING_BACK.includes(type)) state = was === 'StockRejected' ? state : stockReleased()
    else if (type === 'OrderConfirmed' && was === 'StockReserved') state = stockCommitted()
    state ??= hasStock ? stockReserved() : stockRejected()
    return state
  }
}

type Bank = { approves: boolean; captures: boolean }

const paymentLeg = ({ approves, captures }: Bank): Leg => {
  let state: LegReport | undefined
  return ({ type }) => {
    const was = state?.type
    if (GIVING_BACK.includes(type)) state = giveBack(state)
    else if (type === 'OrderConfirmed' && was === 'PaymentAuthorized') {
      state = captures ? paymentCaptured() : paymentFailed()
    }
    state ??= approves ? paymentAuthorized() : paymentDeclined()
    return state
  }
}

const giveBack = (state: LegReport | undefined): LegReport => {
  if (state === undefined || state.type === 'PaymentAuthorized') return paymentVoided()
  return state.type === 'PaymentCaptured' ? paymentRefunded() : state
}

/** The next step: a choice among the messages under way, or an action from outside. */
type Move =
  | { kind: 'deliver' | 'repeat' | 'lose'; which: number }
  | { kind: 'cancel' | 'deadline' | 'resend'; which?: never }

const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lose' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.constant<Move>({ kind: 'resend' }) },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: 'cancel' }) },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: 'deadline' }) },
)

const worlds = fc.record({
  hasStock: fc.boolean(),
  bank: fc.record({ approves: fc.boolean(), captures: fc.boolean() }),
  moves: fc.array(moves, { maxLength: 40, size: 'max' }),
})

/** An order, its two legs, and the messages between them, which arrive in any order, twice, or never. */
const run = ({ hasStock, bank, moves: all }: { hasStock: boolean; bank: Bank; moves: Move[] }) => {
  const legs = { inventory: inventoryLeg(hasStock), payment: paymentLeg(bank) }
  let order = orderPlaced()
  let underWay: (() => void)[] = []
  const take = (fact: OrderFact) => {
    const before = order
    order = decide(before, fact, NOW)
    if (order.status !== before.status) publish()
  }
  const publish = () => {
    const event = outstandingLegs(order).length > 0 ? decisionEvent(order) : undefined
    for (const leg of outstandingLegs(order)) underWay.push(() => event && reach(leg, event))
  }
  const reach = (leg: keyof typeof legs, event: DomainEvent) => {
    const report = legs[leg](event)
    underWay.push(() => take(report))
  }
  const pick = (which: number, isKept: boolean) => {
    const index = which % Math.max(1, underWay.length)
    const message = underWay[index]
    if (!isKept) underWay = underWay.toSpliced(index, 1)
    return message
  }
  const make = (move: Move) => {
    if (move.kind === 'resend') return publish()
    if (move.kind === 'cancel') return take(cancellationRequested())
    if (move.kind === 'deadline') return take(deadlinePassed())
    const message = pick(move.which ?? 0, move.kind === 'repeat')
    if (move.kind !== 'lose') message?.()
  }
  publish()
  for (const move of all) make(move)
  comeToRest({ make, isDone: () => order.status !== 'pending' && isSettled(order) && underWay.length === 0 })
  return order
}

/** Faults are over: outstanding events are sent again, and every message arrives. */
const comeToRest = ({ make, isDone }: { make: (move: Move) => void; isDone: () => boolean }) => {
  for (let round = 0; round < 2_000 && !isDone(); round += 1) {
    make(round % 50 === 0 ? { kind: 'resend' } : { kind: 'deliver', which: 0 })
  }
  expect(isDone()).toBe(true)
}

const always = (invariant: (order: Order, world: { hasStock: boolean; bank: Bank }) => void) =>
  fc.assert(
    fc.property(worlds, (world) => {
      invariant(run(world), world)
    }),
    { numRuns: 500 },
  )

it('every order is decided and settled once faults stop', () => {
  always((order) => {
    expect(outstandingLegs(order)).toEqual([])
  })
})

it('a confirmed order ends with its stock committed and its money captured', () => {
  always((order) => {
    if (order.status !== 'confirmed') return
    expect([order.inventory.status, order.payment]).toEqual([
      'committed',
      { status: 'captured', capturedMinor: order.totalMinor, refundedMinor: 0 },
    ])
  })
})

it('any other order ends with no stock held and no money kept', () => {
  always((order) => {
    if (order.status === 'confirmed') return
    expect(['rejected', 'released']).toContain(order.inventory.status)
    expect(['declined', 'voided', 'failed', 'refunded']).toContain(order.payment.status)
    expect(order.payment.refundedMinor).toBe(order.payment.capturedMinor)
  })
})

it('an order is confirmed only if both legs can do their part', () => {
  always((order, { hasStock, bank }) => {
    if (order.status === 'confirmed')
      expect([hasStock, bank]).toEqual([true, { approves: true, captures: true }])
  })
})
