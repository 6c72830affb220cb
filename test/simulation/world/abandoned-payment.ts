import { createEvent, type DomainEvent } from '../../../src/contracts/events.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { checkAbandoned } from '../invariants/abandoned-payment.ts'
import type { Platform } from '../platform/platform.ts'
import type { Random } from '../platform/random.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { System } from '../system/system.ts'

/** In one world of ten: it takes as long as three others. */
const SHARE = 0.1
/** Around the release of a payment, so that a decision comes before it, beside it or after it. */
const AROUND_RELEASE = { from: 3 * DAY_MS + 17 * HOUR_MS, to: 3 * DAY_MS + 19 * HOUR_MS }
const FAULTS_UNTIL_MS = 4 * DAY_MS
/** Two hours before the first authorization lapses. A clock of a partition may be an hour slow. */
const CHECK_MS = 4 * DAY_MS + 16 * HOUR_MS
/** They rearm an alarm that the platform gave up. While a database fails, they end with its error. */
const CRONS_MS = [1, 60, 240].map((minutes) => FAULTS_UNTIL_MS + minutes * MINUTE_MS)

const ORDER_ID = 'ord_0_01m84cect7ws6kqky32zvfd1zz'
const DATA = {
  ...{ orderId: ORDER_ID, totalAmount: 12.5, currency: 'USD' },
  items: [{ productId: 'P1', quantity: 1, unitPrice: 12.5, amount: 12.5 }],
}

type Scene = { system: System; cloud: Actor }

/**
 * Once the world is at rest, the order service is away for days: a payment begins, and its order's decision comes late or
 * not at all. The faults of the world go on meanwhile.
 */
export const abandonPayment = async (platform: Platform, { system, cloud }: Scene): Promise<void> => {
  const { scheduler, faults } = platform
  const random = platform.stream('abandoned payment')
  if (random.chance() >= SHARE) return
  const startedAt = scheduler.now
  const decision = drawDecision(random)
  const receive = (event: DomainEvent) => system.inboxes.payment.receive([event])
  platform.trace('cloud', () => `the order service is away for days; then ${decision ?? 'no decision'} comes`)
  system.serviceOutage = { service: 'order', how: 'throws', from: startedAt, until: startedAt + 9 * DAY_MS }
  faults.isOn = true
  receive(placed(startedAt))
  scheduler.after(FAULTS_UNTIL_MS, cloud, () => {
    faults.isOn = false
  })
  for (const atMs of CRONS_MS) scheduler.after(atMs, cloud, () => system.runCronTriggers())
  if (decision !== undefined) {
    const send = () => receive(decided(decision, scheduler.now))
    scheduler.after(random.between(AROUND_RELEASE.from, AROUND_RELEASE.to), cloud, send)
    scheduler.after(FAULTS_UNTIL_MS + MINUTE_MS, cloud, send)
  }
  await scheduler.runUntil(startedAt + CHECK_MS)
  checkAbandoned(system, { orderId: ORDER_ID, isConfirmed: decision === 'OrderConfirmed' }, platform.violated)
}

type Decision = 'OrderConfirmed' | 'OrderRejected' | 'OrderCancelled'

const drawDecision = (random: Random): Decision | undefined =>
  random.pick([undefined, undefined, 'OrderConfirmed', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled'])

const placed = (at: number): DomainEvent =>
  createEvent({
    ...{ type: 'OrderPlaced', subject: ORDER_ID, at, revision: 1 },
    data: { ...DATA, payment: { token: 'pm_card_visa' } },
  })

const decided = (type: Decision, at: number): DomainEvent =>
  type === 'OrderConfirmed'
    ? createEvent({ type, subject: ORDER_ID, at, revision: 4, data: DATA })
    : createEvent({
        ...{ type, subject: ORDER_ID, at, revision: 4 },
        data: { ...DATA, reason: { code: 'deadline_exceeded', detail: 'It came late.' } },
      })
