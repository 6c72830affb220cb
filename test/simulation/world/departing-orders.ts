import { createEvent, type DomainEvent } from '../../../src/contracts/events.ts'
import { HOUR_MS, type Instant, MINUTE_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import type { Order } from '../../../src/order/order.ts'
import { eventsOf } from '../../../src/order/order-events.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import { booksOf, checkDeparted } from '../invariants/departures.ts'
import { excusedOrders, load } from '../invariants/stored.ts'
import { createInvocation, type Platform } from '../platform/platform.ts'
import type { Random } from '../platform/random.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { System } from '../system/system.ts'
import type { Workload } from './workload.ts'

/** In one world of four: it takes as long as another one. */
const SHARE = 0.25
/** Later than any fact of the world, also by a clock that is ahead. */
const BEFORE_MS = 2 * HOUR_MS
/** By then a clock that is slow is past that time, too. */
const STARTS_MS = 4 * HOUR_MS
const FAULTS_MS = 10 * MINUTE_MS
/** First of all while the refund is under way. */
const ARCHIVED_WITHIN_MS = [20, 200, 2_000, FAULTS_MS]
/** A refund of the day on which its order left keeps its payment until orders leave that were last heard of later. */
const SECOND_MS = 3 * HOUR_MS
/** What stays is looked at every hour. */
const ENDS_MS = 6 * HOUR_MS
const CRONS_MS = [FAULTS_MS + MINUTE_MS, FAULTS_MS + HOUR_MS]

const FRESH_ID = 'ord_0_01m84cect7ws6kqky32zvfd1yy'
const OTHER_ID = 'ord_0_01m84cect7ws6kqky32zvfd1xx'
const LEGS = ['inventory', 'payment'] as const

type Scene = { system: System; cloud: Actor; records: ClientRecords; workload: Workload }

/**
 * Once the world is at rest, its settled orders leave for the archive, as their legs see it: `OrdersArchived` comes more
 * than once, a refund is under way, and every event that was ever sent about the orders comes again.
 */
export const letOrdersLeave = async (platform: Platform, scene: Scene): Promise<void> => {
  const { scheduler, faults } = platform
  const { system, cloud } = scene
  const random = platform.stream('departing orders')
  const orders = leavingOrders(scene)
  if (random.chance() >= SHARE || orders.length === 0 || isOrderServiceAway(system, scheduler.now)) return
  const before = scheduler.now + BEFORE_MS
  await scheduler.runUntil(scheduler.now + STARTS_MS)
  platform.trace('cloud', () => `${orders.length} orders leave for the archive`)
  const send = createSender(platform, scene)
  const books = booksOf(system, orders)
  const refundedMinor = await refundOne(platform, scene, orders, random)
  faults.isOn = true
  const archived = archivedEvents(system, orders, before)
  for (const event of archived) for (const withinMs of ARCHIVED_WITHIN_MS) send(event, random.below(withinMs))
  for (const event of orders.flatMap(asFirstSent)) send(event, random.below(2 * FAULTS_MS))
  scheduler.after(FAULTS_MS, cloud, () => {
    faults.isOn = false
  })
  for (const atMs of CRONS_MS) scheduler.after(atMs, cloud, () => system.runCronTriggers())
  for (const event of archived) send(event, FAULTS_MS + 2 * MINUTE_MS)
  for (const event of lastDepartures(system, scheduler.now + SECOND_MS)) send(event, SECOND_MS)
  for (const event of orders.flatMap(asFirstSent)) send(event, ENDS_MS - MINUTE_MS)
  send(placed(scheduler.now + ENDS_MS - MINUTE_MS), ENDS_MS - MINUTE_MS)
  await scheduler.runUntil(scheduler.now + ENDS_MS)
  checkDeparted(system, { orders, books, refundedMinor, freshId: FRESH_ID }, platform.violated)
}

/** What stays for another reason is not looked at: an order that a person has to settle, and one that was never placed. */
const leavingOrders = ({ system, records, workload }: Scene): Order[] => {
  const stored = load(system)
  const excused = excusedOrders(stored, { records, workload, system })
  return [...stored.orders.values()]
    .map(({ order }) => order)
    .filter(
      ({ orderId, client, ...order }) =>
        client !== null && 'settledAt' in order && order.settledAt !== undefined && !excused.has(orderId),
    )
}

const isOrderServiceAway = ({ serviceOutage }: System, now: Instant): boolean =>
  serviceOutage !== undefined && serviceOutage.until > now

type Send = (event: DomainEvent, afterMs: number) => void

const createSender =
  ({ scheduler }: Platform, { system, cloud }: Scene): Send =>
  (event, afterMs) => {
    for (const leg of LEGS) scheduler.after(afterMs, cloud, () => system.inboxes[leg].receive([event]))
  }

/** On the day on which its order leaves, a client refunds it: the amount, once it is requested. */
const refundOne = async (
  platform: Platform,
  { system, records, workload }: Scene,
  orders: readonly Order[],
  random: Random,
): Promise<number> => {
  const isRefused = ({ orderId }: Order) =>
    workload.bankProfiles[records.orderOf(orderId) ?? -1]?.refuses !== undefined
  const order = orders.find((each) => each.status === 'confirmed' && !isRefused(each))
  if (order === undefined || random.chance() < 0.5) return 0
  const { orderId, client } = order
  const { actor, ...outlet } = createInvocation(platform, 'caller of a late refund')
  const wanted = {
    ...{ orderId, refundId: 'rf_late', amount: undefined, reason: undefined, request: undefined },
    caller: { client: client ?? '', scopes: ['operations' as const] },
  }
  let requested: number | undefined
  void system
    .partitionsFor({ actor, ...outlet })
    .payments.of(orderId)
    ?.requestRefund(wanted)
    .then((reply) => {
      requested = reply.ok ? (toMinor(reply.value.refund.amount, order.currency) ?? 0) : 0
    })
  while (requested === undefined) await platform.scheduler.runUntil(platform.scheduler.now + 1)
  return requested
}

const archivedEvents = (system: System, orders: readonly Order[], before: Instant): DomainEvent[] =>
  Array.from(
    Map.groupBy(orders, ({ orderId }) => system.labelOf(orderId)).values(),
    (group): DomainEvent =>
      archived(
        group.map(({ orderId }) => orderId),
        before,
      ),
  )

const archived = (orderIds: string[], before: Instant): DomainEvent =>
  createEvent({
    ...{ type: 'OrdersArchived', subject: orderIds[0] ?? '', at: before, revision: 1 },
    data: { orderIds, before: toTimestamp(before) },
  })

/** The next day, other orders of each partition leave. */
const lastDepartures = (system: System, before: Instant): DomainEvent[] =>
  [...system.payments.keys()].map((name) =>
    archived([OTHER_ID.replace('ord_0_', `ord_${name.slice('payments-'.length)}_`)], before),
  )

/** The order's events for its legs, as they were sent when they happened: with the payment token. */
const asFirstSent = (order: Order): DomainEvent[] =>
  eventsOf(order)
    .filter(({ type }) => ['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled'].includes(type))
    .map((event) =>
      event.type === 'OrderPlaced'
        ? { ...event, data: { ...event.data, payment: { token: 'pm_card_visa' } } }
        : event,
    )

/** An order that is placed after the others have left. */
const placed = (at: Instant): DomainEvent =>
  createEvent({
    ...{ type: 'OrderPlaced', subject: FRESH_ID, at, revision: 1 },
    data: {
      ...{ orderId: FRESH_ID, totalAmount: 12.5, currency: 'USD', payment: { token: 'pm_card_visa' } },
      items: [{ productId: 'P1', quantity: 1, unitPrice: 12.5, amount: 12.5 }],
    },
  })
