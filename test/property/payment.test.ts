import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../src/kernel/instant.ts'
import type { BankOperation } from '../../src/payment/bank.ts'
import { type Payment, refundable } from '../../src/payment/payment.ts'
import { type PaymentCause, whenEvent } from '../../src/payment/policy.ts'
import { begin, type Directive, recordLookup, recordResult } from '../../src/payment/steps.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  refundRequestedEvent,
} from '../support/builders.ts'
import { type BankFate, createUnreliableBank, type UnreliableBank } from '../support/unreliable-bank.ts'

const AMOUNT = 15_000
/** More than the steps of a move with all its fates, and of the work without faults after it. */
const STEPS_MAX = 64
/** Within a lease, after it, after the longest pause, and before and after the bank forgets its keys. */
const PAUSES_MS = [1, 11, 31, 12 * 3_600, 25 * 3_600].map((seconds) => seconds * SECOND_MS)

/** An event comes, for the first time or again, and its calls meet these fates; or a caller requests a refund. */
type Move =
  | { kind: 'placed' | 'decided'; fates: BankFate[] }
  | { kind: 'confirm' }
  | { kind: 'cancel' }
  | { kind: 'refund'; amountMinor: number; fates: BankFate[] }
  | { kind: 'pass'; ms: number }

type World = { refuses: BankOperation[]; moves: Move[] }

const FATES: readonly BankFate[] = [
  'fine',
  'fine',
  'error',
  'error, but done',
  'no response',
  'no response, but done',
  'crash',
  'crash, but done',
]

const moves = (fates: fc.Arbitrary<BankFate[]>): fc.Arbitrary<Move> =>
  fc.oneof(
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
      weight: 2,
      arbitrary: fc.constantFrom<Move>({ kind: 'confirm' }, { kind: 'confirm' }, { kind: 'cancel' }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(...PAUSES_MS) }),
    },
  )

const worlds = (fates: readonly BankFate[]): fc.Arbitrary<World> =>
  fc.record({
    refuses: fc.oneof(
      { weight: 3, arbitrary: fc.constant<BankOperation[]>([]) },
      { weight: 1, arbitrary: fc.subarray<BankOperation>(['authorize', 'capture', 'void', 'refund']) },
    ),
    moves: fc.array(moves(fc.array(fc.constantFrom(...fates), { maxLength: 12 })), {
      maxLength: 30,
      size: 'max',
    }),
  })

/** The payment service's real path to the bank, with one variable as its partition. */
const createService = (bank: UnreliableBank) => {
  let now: Instant = NOW
  let payment: Payment | undefined
  /** The payment after the bank call; `undefined` if the caller crashed. */
  const ask = (asking: Payment, directive: Directive, fate: BankFate): Payment | undefined => {
    if (directive.kind === 'call') {
      const result = bank.perform(directive.call, fate, now)
      return result && recordResult(asking, { ...directive.call, begunAt: directive.begunAt }, result, now)
    }
    if (directive.kind !== 'lookUp') return asking
    const found = bank.lookUp(fate, now)
    return found && recordLookup(asking, directive, found, now)
  }
  /** Handles the event as the consumer does, until nothing is to be done, or it has to wait, or it crashed. */
  const take = (event: PaymentCause, fatesLeft: BankFate[]): string => {
    payment = whenEvent(payment, event, now)
    for (let steps = 0; payment !== undefined; steps += 1) {
      if (steps === STEPS_MAX) throw new Error(`not at rest after ${STEPS_MAX} calls to the bank`)
      const begun = begin(payment, now)
      payment = begun.payment
      if (begun.directive.kind !== 'call' && begun.directive.kind !== 'lookUp') return begun.directive.kind
      const asked = ask(begun.payment, begun.directive, fatesLeft.shift() ?? 'fine')
      if (asked === undefined) return 'crash'
      payment = asked
    }
    return 'unknown'
  }
  return {
    take,
    payment: () => payment,
    pass: (ms: number) => {
      now += ms
    },
    askRefund: (refundId: string, amountMinor: number): boolean => {
      if (payment === undefined || amountMinor > refundable(payment)) return false
      const refund = { refundId, amountMinor, requestedAt: now, state: 'pending' as const, isNoted: false }
      payment = { ...payment, refunds: [...payment.refunds, refund] }
      return true
    },
  }
}

type Service = ReturnType<typeof createService>

const run = ({ refuses, moves: all }: World) => {
  const bank = createUnreliableBank(({ operation }) => !refuses.includes(operation))
  const service = createService(bank)
  let decision: 'none' | 'confirmed' | 'cancelled' = 'none'
  for (const [index, move] of all.entries()) {
    if (move.kind === 'pass') service.pass(move.ms)
    else if (move.kind === 'cancel') decision = 'cancelled'
    else if (move.kind === 'confirm') decision = confirmed(decision, service)
    else if (move.kind === 'refund') refund(service, `rf_${index}`, move)
    else service.take(eventFor(move.kind, decision), [...move.fates])
  }
  comeToRest(service, decision)
  bank.catchUp(Number.POSITIVE_INFINITY)
  return { bank, payment: service.payment(), decision }
}

/** An order is confirmed only after its payment was authorized. */
const confirmed = (decision: 'none' | 'confirmed' | 'cancelled', service: Service) =>
  decision === 'none' && service.payment()?.status === 'authorized' ? 'confirmed' : decision

const refund = (service: Service, refundId: string, move: Move & { kind: 'refund' }): void => {
  if (service.askRefund(refundId, move.amountMinor)) {
    service.take(refundRequestedEvent(refundId), [...move.fates])
  }
}

const eventFor = (kind: 'placed' | 'decided', decision: string): PaymentCause => {
  if (kind === 'placed' || decision === 'none') return orderPlacedEvent()
  return decision === 'confirmed' ? orderConfirmedEvent() : orderCancelledEvent()
}

/** Faults are over: the order's outstanding event is sent again until there is nothing to do. */
const comeToRest = (service: Service, decision: string): void => {
  service.take(orderPlacedEvent(), [])
  for (let round = 0; round < 20; round += 1) {
    const end = service.take(eventFor('decided', decision), [])
    if (end === 'rest' || end === 'stuck') return
    service.pass(MINUTE_MS)
  }
  throw new Error('the payment does not come to rest')
}

type Invariant = (result: ReturnType<typeof run>, world: World) => void

const always = (invariant: Invariant, { fates = FATES, examples = [] as World[] } = {}) =>
  fc.assert(
    fc.property(worlds(fates), (world) => {
      invariant(run(world), world)
    }),
    { numRuns: 1_000, examples: examples.map((world) => [world]) },
  )

describe("under all faults of the bank and the network, by the bank's own books", () => {
  it('G4: at most one authorization succeeds', () => {
    always(({ bank }) => {
      expect(bank.count('authorize')).toBeLessThanOrEqual(1)
    })
  })

  it('G4: at most one capture succeeds', () => {
    always(({ bank }) => {
      expect(bank.count('capture')).toBeLessThanOrEqual(1)
    })
  })

  it('G4: captured is nothing, or the amount', () => {
    always(({ bank }) => {
      expect([0, AMOUNT]).toContain(bank.balance().capturedMinor)
    })
  })

  it('G4: refunds never exceed the capture', () => {
    always(({ bank }) => {
      const { capturedMinor, refundedMinor } = bank.balance()
      expect(refundedMinor).toBeLessThanOrEqual(capturedMinor)
    })
  })

  it('nothing is captured of an order that was never confirmed', () => {
    always(({ bank, decision, payment }) => {
      if (decision !== 'confirmed' && payment?.capturedMinor === 0) expect(bank.count('capture')).toBe(0)
    })
  })
})

describe('once faults stop', () => {
  it('the payment shows what the bank did', () => {
    always(({ bank, payment }) => {
      const { capturedMinor, refundedMinor } = bank.balance()
      expect([payment?.capturedMinor, payment?.refundedMinor]).toEqual([capturedMinor, refundedMinor])
    })
  })

  it('a payment is at rest: no step is open and no refund is pending', () => {
    always(({ payment }) => {
      expect(payment).not.toHaveProperty('step')
      expect(payment?.refunds.filter(({ state }) => state === 'pending')).toEqual([])
    })
  })

  it('a confirmed order has its amount captured, unless the bank refused', () => {
    always(({ bank, decision }, { refuses }) => {
      if (decision !== 'confirmed' || refuses.includes('capture')) return
      expect(bank.balance().capturedMinor).toBe(AMOUNT)
    })
  })

  it('G5: a cancelled order has nothing held and nothing kept, unless the bank refused', () => {
    always(({ bank, decision }, { refuses }) => {
      if (decision !== 'cancelled' || refuses.includes('void') || refuses.includes('refund')) return
      const { heldMinor, capturedMinor, refundedMinor } = bank.balance()
      expect([heldMinor, capturedMinor - refundedMinor]).toEqual([0, 0])
    })
  })

  it('a cancelled order whose money the bank keeps is shown as stuck', () => {
    always(({ bank, decision, payment }) => {
      const { capturedMinor, refundedMinor } = bank.balance()
      if (decision === 'cancelled' && capturedMinor > refundedMinor) expect(payment?.stuck).toBeDefined()
    })
  })

  it('a payment ends in the status that its money has', () => {
    always(({ bank, decision, payment }) => {
      const { heldMinor, capturedMinor, refundedMinor } = bank.balance()
      if (decision === 'none' || payment?.stuck !== undefined) return
      if (payment?.status === 'captured') expect(capturedMinor - refundedMinor).toBeGreaterThan(0)
      if (payment?.status === 'refunded') expect(refundedMinor).toBe(capturedMinor)
      if (payment?.status === 'voided' || payment?.status === 'declined') expect(heldMinor).toBe(0)
      expect(payment?.orderId).toBe(ORDER_ID)
    })
  })
})

describe('a call that takes effect after its caller gave up', () => {
  const LATE = 'no response, and done late'
  const fates: readonly BankFate[] = [...FATES, LATE, 'crash, and done late']
  /** A counterexample found here: a second key is used while the call under the first is still under way. */
  const AUTHORIZED_TWICE: World = { refuses: [], moves: [{ kind: 'placed', fates: [LATE, 'error'] }] }
  const TAKEN_OVER: World = {
    refuses: [],
    moves: [
      { kind: 'placed', fates: ['crash, and done late'] },
      { kind: 'pass', ms: 11 * SECOND_MS },
      { kind: 'placed', fates: ['error'] },
    ],
  }
  const REFUNDED_TWICE: World = {
    refuses: [],
    moves: [
      { kind: 'placed', fates: [] },
      { kind: 'confirm' },
      { kind: 'decided', fates: [] },
      { kind: 'refund', amountMinor: 1, fates: [LATE, 'error'] },
    ],
  }

  it('is not made under another key meanwhile: at most one authorization succeeds', () => {
    always(({ bank }) => expect(bank.count('authorize')).toBeLessThanOrEqual(1), {
      fates,
      examples: [AUTHORIZED_TWICE, TAKEN_OVER],
    })
  })

  it('is not made under another key meanwhile: no refund is made that the payment does not show', () => {
    always(({ bank, payment }) => expect(bank.balance().refundedMinor).toBe(payment?.refundedMinor), {
      fates,
      examples: [REFUNDED_TWICE],
    })
  })
})
