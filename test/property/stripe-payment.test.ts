import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../src/kernel/instant.ts'
import type { Bank } from '../../src/payment/bank.ts'
import { type Payment, refundable } from '../../src/payment/payment.ts'
import { type PaymentCause, whenEvent } from '../../src/payment/policy.ts'
import { begin, type Directive, recordLookup, recordResult } from '../../src/payment/steps.ts'
import {
  NOW,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  refundRequestedEvent,
} from '../support/builders.ts'
import type { StripeFault, StripeMock } from '../support/stripe/stripe-mock.ts'
import { checkStripeCalls, createStripeWorld } from '../support/stripe/stripe-world.ts'

checkStripeCalls()

const AMOUNT = 15_000
const STEPS_MAX = 64

/** The caller crashes before it records the response. */
type Fate = StripeFault | 'fine' | 'crash'

type Move =
  | { kind: 'placed' | 'decided'; fates: Fate[] }
  | { kind: 'confirm' | 'cancel' }
  | { kind: 'refund'; amountMinor: number; fates: Fate[] }
  | { kind: 'pass'; ms: number }
  /** For a while, look-ups do not see the newest operations. */
  | { kind: 'lag'; ms: number }

const FATES: readonly Fate[] = [
  ...['fine', 'fine', 'crash', 'sticky error', 'sticky error, but done', 'passing error'],
  ...['no connection', 'lost response', 'key in use', 'rate limit', 'wrong key'],
] as Fate[]

const fates = fc.array(fc.constantFrom(...FATES), { maxLength: 8 })

const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('placed' as const, 'decided' as const), fates }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      amountMinor: fc.integer({ min: 1, max: AMOUNT }),
      fates,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Move>({ kind: 'confirm' }, { kind: 'confirm' }, { kind: 'cancel' }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(...[1, 11, 31, 61, 12 * 3_600, 25 * 3_600].map((seconds) => seconds * SECOND_MS)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('lag' as const), ms: fc.constantFrom(0, 20_000, 29_000) }),
  },
)

/** Half of the orders are captured before anything goes wrong, so that refunds meet faults too. */
const CAPTURED: readonly Move[] = [
  { kind: 'placed', fates: [] },
  { kind: 'confirm' },
  { kind: 'decided', fates: [] },
]

const worlds = fc
  .tuple(fc.boolean(), fc.array(moves, { maxLength: 24, size: 'max' }))
  .map(([isCaptured, rest]): Move[] => [...(isCaptured ? CAPTURED : []), ...rest])

/** A second refund would follow under the next key, if a look-up that lags counted as the truth. */
const REFUND_NOT_SHOWN: Move[] = [
  ...CAPTURED,
  { kind: 'lag', ms: 29_000 },
  { kind: 'refund', amountMinor: 1, fates: ['sticky error, but done'] },
  { kind: 'pass', ms: 11 * SECOND_MS },
]

/** The order would be cancelled and its money kept, if the second capture counted as declined. */
const CAPTURE_NOT_SHOWN: Move[] = [
  { kind: 'placed', fates: [] },
  { kind: 'confirm' },
  { kind: 'lag', ms: 29_000 },
  { kind: 'decided', fates: ['sticky error, but done'] },
]

/** The payment service's real way to Stripe, with one variable as its partition. */
const createService = (bank: Bank, mock: StripeMock) => {
  let now: Instant = NOW
  let payment: Payment | undefined
  const ask = async (asking: Payment, directive: Directive): Promise<Payment> => {
    if (directive.kind === 'call') {
      const result = await bank.perform(directive.call)
      return recordResult(asking, { ...directive.call, begunAt: directive.begunAt }, result, now)
    }
    if (directive.kind !== 'lookUp') return asking
    return recordLookup(asking, directive, await bank.lookUp(directive), now)
  }
  const askUnder = async (fate: Fate, asking: Payment, directive: Directive): Promise<Payment> => {
    if (fate !== 'fine' && fate !== 'crash') mock.next(fate)
    return await ask(asking, directive)
  }
  /** Handles the event as the consumer does, until nothing is to be done, or it has to wait, or it crashed. */
  const take = async (event: PaymentCause, left: Fate[]): Promise<string> => {
    payment = whenEvent(payment, event, now)
    for (let steps = 0; payment !== undefined; steps += 1) {
      if (steps === STEPS_MAX) throw new Error(`not at rest after ${STEPS_MAX} calls`)
      const begun = begin(payment, now)
      payment = begun.payment
      if (begun.directive.kind !== 'call' && begun.directive.kind !== 'lookUp') return begun.directive.kind
      const fate = left.shift() ?? 'fine'
      const asked = await askUnder(fate, begun.payment, begun.directive)
      if (fate === 'crash') return 'crash'
      payment = asked
    }
    return 'unknown'
  }
  return {
    take,
    payment: () => payment,
    pass: (ms: number) => {
      now += ms
      mock.pass(ms)
    },
    askRefund: (refundId: string, amountMinor: number): boolean => {
      if (payment === undefined || amountMinor > refundable(payment)) return false
      const refund = { refundId, amountMinor, requestedAt: now, state: 'pending' as const, isNoted: false }
      payment = { ...payment, refunds: [...payment.refunds, refund] }
      return true
    },
  }
}

type Decision = 'none' | 'confirmed' | 'cancelled'

const eventFor = (decision: Decision): PaymentCause => {
  if (decision === 'none') return orderPlacedEvent()
  return decision === 'confirmed' ? orderConfirmedEvent() : orderCancelledEvent()
}

const run = async (all: readonly Move[]) => {
  const { bank, mock } = createStripeWorld()
  const service = createService(bank, mock)
  let decision: Decision = 'none'
  for (const [index, move] of all.entries()) {
    switch (move.kind) {
      case 'pass':
        service.pass(move.ms)
        break
      case 'lag':
        mock.lag(move.ms)
        break
      case 'cancel':
        decision = 'cancelled'
        break
      case 'confirm':
        if (decision === 'none' && service.payment()?.status === 'authorized') decision = 'confirmed'
        break
      case 'refund':
        if (!service.askRefund(`rf_${index}`, move.amountMinor)) break
        await service.take(refundRequestedEvent(`rf_${index}`), [...move.fates])
        break
      default:
        await service.take(move.kind === 'placed' ? orderPlacedEvent() : eventFor(decision), [...move.fates])
    }
  }
  mock.withoutFaults()
  await comeToRest(service, decision)
  return { mock, decision, payment: service.payment() }
}

/** Faults are over: the order's outstanding event is sent again until there is nothing to do. */
const comeToRest = async (service: ReturnType<typeof createService>, decision: Decision): Promise<void> => {
  await service.take(orderPlacedEvent(), [])
  for (let round = 0; round < 20; round += 1) {
    const end = await service.take(eventFor(decision), [])
    if (end === 'rest' || end === 'stuck') return
    service.pass(MINUTE_MS)
  }
  throw new Error('the payment does not come to rest')
}

it('G4: no fault of Stripe, and no look-up that lags, charges twice, keeps money or hides a refund', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (all) => {
      const { mock, decision, payment } = await run(all)
      const { authorizations, held, captured, refunded } = mock.balance()
      expect(authorizations).toBeLessThanOrEqual(1)
      expect([payment?.capturedMinor, payment?.refundedMinor]).toEqual([captured, refunded])
      expect(payment).not.toHaveProperty('step')
      if (decision === 'confirmed') expect([held, captured]).toEqual([0, AMOUNT])
      if (decision === 'cancelled') expect([held, captured - refunded]).toEqual([0, 0])
      expect(payment).not.toHaveProperty('stuck')
      expect(mock.violations).toEqual([])
    }),
    { numRuns: 300, examples: [[REFUND_NOT_SHOWN], [CAPTURE_NOT_SHOWN]] },
  )
})
