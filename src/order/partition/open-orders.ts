import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import { excessOf, type OpenLimit, type PlacingLimits, unitsOf } from '../open-order-limits.ts'
import type { Order } from '../order.ts'
import { isErased } from '../personal-data.ts'
import { outcomeOf, type RecentOutcomes, waitLeftMs, withOutcome } from '../recent-outcomes.ts'
import { outstandingLegs } from '../saga.ts'
import { createOpenOrderIndex, type OpenOrder } from './open-order-index.ts'
import { loadPending, OPEN_MAX } from './open-order-rows.ts'
import { createRefusalLog } from './refusal-log.ts'

/** Customers with failed orders: about 5 MB at most. The customer that failed longest ago is forgotten first. */
const CUSTOMERS_MAX = 10_000
/** A service counts as down when an order has waited this long for it and no report of it came meanwhile. */
const AWAY_MS = 10 * SECOND_MS
/** Orders are decided within seconds. */
const RETRY_SECONDS = 10

export type TooManyOpen = { code: 'too_many_open_orders'; detail: string; retryAfterSeconds: number }

/** The order that is to be placed: its owner and its size. */
type Asked = Pick<Order, 'client' | 'lines'> & { customerId?: string }

type Leg = OpenOrder['waitsFor'][number]
const LEGS: readonly Leg[] = ['inventory', 'payment']

/**
 * The open orders of each customer in this partition, in memory. They are read from the open rows at the first placement
 * that has a limit, and tracked from then on. Nothing is written for them.
 */
export const createOpenOrders = (host: PartitionHost, recent: RecentRows) => {
  const startedAt = host.now()
  const reportedAt: Record<Leg, Instant> = { inventory: startedAt, payment: startedAt }
  const failing = new Map<string, RecentOutcomes>()
  const countRefusal = createRefusalLog(host)
  let index: ReturnType<typeof createOpenOrderIndex> | undefined

  const counted = (orders: readonly OpenOrder[], now: Instant): OpenLimit => {
    const away = LEGS.filter((leg) => now - reportedAt[leg] >= AWAY_MS && hasWaited(orders, leg, now))
    const those = orders.filter(({ waitsFor }) => !waitsFor.some((leg) => away.includes(leg)))
    return { orders: those.length, units: those.reduce((sum, { units }) => sum + units, 0) }
  }

  const excess = (owner: string | undefined, bound: OpenLimit | undefined, asked: Asked, now: Instant) => {
    if (owner === undefined || bound === undefined) return undefined
    index ??= createOpenOrderIndex(loadPending(host.sql, recent.ids(OPEN_MAX)).map(openOf))
    return excessOf(counted(index.of(owner), now), unitsOf(asked.lines), bound)
  }

  const objectionTo = (asked: Asked, bounds: PlacingLimits, now: Instant): TooManyOpen | undefined => {
    const customer = customerOf(asked)
    const outcomes = failing.get(customer ?? '')
    const waitMs = outcomes && bounds.failures ? waitLeftMs(outcomes, bounds.failures, now) : 0
    if (waitMs > 0) return tooMany("The customer's last orders were cancelled or declined", waitMs)
    const ofCustomer = excess(customer, bounds.customer, asked, now)
    if (ofCustomer !== undefined) return tooMany(`The customer has too many ${ofCustomer} open`)
    const ofClient = excess(clientOf(asked), bounds.client, asked, now)
    return ofClient && tooMany(`The client has too many ${ofClient} open`)
  }

  const noteReports = (before: Order, order: Order, now: Instant): void => {
    if (before.inventory.status === 'pending' && order.inventory.status !== 'pending')
      reportedAt.inventory = now
    if (before.payment.status === 'pending' && BANK_ANSWERED.has(order.payment.status))
      reportedAt.payment = now
  }

  /** Only customers with a failed order are remembered. */
  const conclude = (before: Order, order: Order, now: Instant): void => {
    const customer = customerOf(order)
    const known = failing.get(customer ?? '')
    const outcome = outcomeOf(order, () => counted([openOf(before)], now).orders > 0)
    if (customer === undefined || outcome === undefined) return
    if (outcome === 'bought' && known === undefined) return
    failing.delete(customer)
    failing.set(customer, withOutcome(known, order.orderId, outcome === 'failed', now))
    const [oldest] = failing.keys()
    if (failing.size > CUSTOMERS_MAX && oldest !== undefined) failing.delete(oldest)
  }

  const update = (before: Order | undefined, order: Order): void => {
    const now = host.now()
    if (before !== undefined && before.status !== order.status) conclude(before, order, now)
    if (before !== undefined) noteReports(before, order, now)
    if (order.status === 'pending') index?.put(openOf(order))
    else index?.remove(order.orderId)
  }

  return {
    /** Why the order may not be placed now, if so. */
    refuse: (asked: Asked, bounds: PlacingLimits | undefined, now: Instant): TooManyOpen | undefined => {
      const objection = bounds && objectionTo(asked, bounds, now)
      const { client, customerId } = asked
      if (objection !== undefined) countRefusal({ client, customerId, detail: objection.detail }, now)
      return objection
    },

    /** In a turn: tracks an order that is new or has changed. It counts once the turn has returned. */
    track: (before: Order | undefined, order: Order): void => host.afterTurn(() => update(before, order)),
  }
}

/** States of a payment after the bank's answer. A payment that is voided before has asked no bank. */
const BANK_ANSWERED: ReadonlySet<Order['payment']['status']> = new Set(['authorized', 'declined', 'captured'])

const hasWaited = (orders: readonly OpenOrder[], leg: Leg, now: Instant): boolean =>
  orders.some(({ waitsFor, placedAt }) => waitsFor.includes(leg) && now - placedAt >= AWAY_MS)

const openOf = (order: Order): OpenOrder => ({
  orderId: order.orderId,
  owners: [customerOf(order), clientOf(order)].flatMap((owner) => owner ?? []),
  units: unitsOf(order.lines),
  placedAt: order.placedAt,
  waitsFor: outstandingLegs(order),
})

/** A client's name has no line feed. */
const customerOf = ({ client, customerId }: Asked): string | undefined =>
  client === null || customerId === undefined || isErased({ customerId })
    ? undefined
    : `${client}\n${customerId}`

const clientOf = ({ client }: Asked): string | undefined => client ?? undefined

const tooMany = (what: string, waitMs = RETRY_SECONDS * SECOND_MS): TooManyOpen => {
  const retryAfterSeconds = Math.ceil(waitMs / SECOND_MS)
  return {
    code: 'too_many_open_orders',
    detail: `${what}. Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  }
}

export type OpenOrders = ReturnType<typeof createOpenOrders>
