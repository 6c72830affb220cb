import { isDeepStrictEqual } from 'node:util'
import { toMajor } from '../../../../src/kernel/money.ts'
import type { Order } from '../../../../src/order/order.ts'
import { publicEventsOf } from '../../../../src/order/order-events.ts'
import { viewFor } from '../../../../src/order/partition/visible-order.ts'
import { createCatalogue } from '../../../../workers/order/catalogue.ts'
import { publishOrders } from '../../../../workers/order/external-orders.ts'
import { hashesOf } from '../../clients/external-orders.ts'
import { IDEMPOTENT } from '../../clients/persist.ts'
import { replayOrders } from '../../clients/replay-events.ts'
import { load } from '../../invariants/stored.ts'
import { createInvocation, type Outlet, type Platform } from '../../platform/platform.ts'
import type { Random } from '../../platform/random.ts'
import type { DepartureScene } from './scene.ts'

const READABLE = 'an order that has left is readable as it was'
const ANSWERED = 'a late call is answered by what is stored or archived'
const SAME = 'an external order that comes again is the same order'

/** Clients call until this long after the orders may leave: while they do, and afterwards. */
const CALLS_MS = [20, 500, 5_000, 60_000, 600_000] as const

type Call = (order: Order, outlet: Outlet) => Promise<void>

/** The calls of clients and operators for orders that are about to leave, or have left. */
export const createLateCalls = (platform: Platform, scene: DepartureScene) => {
  const { system, persist, watch, records, workload } = scene
  const { violated, scheduler } = platform
  const catalogue = createCatalogue(() => scheduler.now)
  const callerOf = ({ client }: Order) => ({ client: client ?? '', scopes: ['operations' as const] })

  const read = async (order: Order, outlet: Outlet): Promise<void> => {
    const { orderId } = order
    const caller = callerOf(order)
    const found = await persist(outlet, IDEMPOTENT, async () => {
      const partition = system.partitionsFor(outlet).orders.of(orderId)
      return { view: await partition?.get(orderId, caller), events: await partition?.events(orderId, caller) }
    })
    if (found === undefined) return
    const { view, events } = found
    if (view === undefined || events === undefined) return violated(READABLE, `${orderId} is not found`)
    const left = watch.left.get(orderId)
    if (left === undefined) return
    const isSame =
      isDeepStrictEqual(view, viewFor(caller, left)) && isDeepStrictEqual(events, publicEventsOf(left))
    if (!isSame) violated(READABLE, `${orderId}: ${JSON.stringify({ view, left })}`)
  }

  /** Refunds all that is left, unless the bank of the world refuses that. */
  const refund = async (order: Order, outlet: Outlet): Promise<void> => {
    const { orderId } = order
    const wanted = {
      ...{ orderId, refundId: 'rf_late', amount: undefined, reason: undefined, request: undefined },
      caller: callerOf(order),
    }
    const reply = await persist(outlet, IDEMPOTENT, async () =>
      system.partitionsFor(outlet).payments.of(orderId)?.requestRefund(wanted),
    )
    platform.trace(outlet.actor.name, () => `refunds ${orderId}: ${JSON.stringify(reply)}`)
    const isGone = reply?.ok === false && reply.reason.code === 'payment_not_found'
    // A payment without a client is visible to none. It began with an event of older code.
    const isThere = typeof load(system).payments.get(orderId)?.client === 'string'
    if (isGone && isThere) violated(ANSWERED, `${orderId} has a payment`)
  }

  const cancel = async (order: Order, outlet: Outlet): Promise<void> => {
    const { orderId } = order
    const detail = 'Too late, perhaps.'
    const wanted = { orderId, caller: callerOf(order), request: undefined, detail, traceparent: undefined }
    const reply = await persist(outlet, IDEMPOTENT, async () =>
      system.partitionsFor(outlet).orders.of(orderId)?.cancel(wanted),
    )
    platform.trace(outlet.actor.name, () => `cancels ${orderId}: ${JSON.stringify(reply)}`)
    if (reply === undefined || reply.ok) return
    const isRight = reply.reason.code === 'order_not_cancellable' && watch.left.has(orderId)
    if (!isRight) violated(ANSWERED, `${orderId} cannot be cancelled: ${reply.reason.code}`)
  }

  /** Its producer sends an external order once more, and another one under the same id. */
  const publishAgain = async (order: Order, outlet: Outlet): Promise<void> => {
    const number = records.orderOf(order.orderId) ?? -1
    const token = system.setup.bank === 'hostile' ? 'pm_card_visa' : workload.tokens[number]
    const publish = async (quantity: number) =>
      await persist(outlet, IDEMPOTENT, () =>
        publishOrders(publicationOf(order, token, quantity), {
          gateway: 'simulator',
          partitions: system.partitionsFor(outlet).orders,
          findProducts: (ids) => catalogue.find(system.readModels.order.binding(outlet), ids),
          hashToken: async (...named) => hashesOf(...named),
        }),
      )
    const again = await publish(0)
    if (again?.ok === false) violated(SAME, `${order.orderId} was refused: ${JSON.stringify(again.reason)}`)
    const other = await publish(1)
    if (other?.ok === true) violated(SAME, `${order.orderId} was accepted with other content`)
  }

  const replay = async (order: Order, outlet: Outlet): Promise<void> => {
    for (const to of ['inventory', 'payment'] as const)
      await replayOrders({ system, persist }, { orderIds: [order.orderId], to }, outlet)
  }

  const isReturnable = ({ orderId, status }: Order): boolean =>
    status === 'confirmed' && workload.bankProfiles[records.orderOf(orderId) ?? -1]?.refuses === undefined

  const changeOf = (order: Order, chance: number): [string, Call][] => {
    if (!isReturnable(order)) return []
    if (chance < 0.3) return [['refund', refund]]
    return chance > 0.85 ? [['cancellation', cancel]] : []
  }

  const callsFor = (order: Order, random: Random): [string, Call][] => [
    ['reader', read],
    ...changeOf(order, random.chance()),
    ...(order.externalId === undefined ? [] : ([['publication', publishAgain]] satisfies [string, Call][])),
    ...(random.chance() < 0.3 ? ([['replay', replay]] satisfies [string, Call][]) : []),
  ]

  return {
    /** Each order may be read, cancelled, refunded, published and replayed, at any moment around its departure. */
    schedule: (orders: readonly Order[], random: Random): void => {
      const start = (name: string, order: Order, call: Call) => {
        const outlet = createInvocation(platform, `late ${name} of ${order.orderId}`)
        const atMs = random.below(random.pick(CALLS_MS))
        scheduler.after(atMs, outlet.actor, () => void call(order, outlet))
      }
      for (const order of orders) for (const [name, call] of callsFor(order, random)) start(name, order, call)
    },

    /** Every order that has left is read, and every external one is published once more. */
    readAll: async (outlet: Outlet): Promise<void> => {
      for (const order of watch.left.values()) {
        await read(order, outlet)
        if (order.externalId !== undefined) await publishAgain(order, outlet)
      }
    },
  }
}

/** The event that placed an external order, or another one: each of its lines has so many units more. */
const publicationOf = (order: Order, token: string | undefined, more: number) => {
  const { lines, totalMinor, currency, externalId, client, customerId } = order
  const value = {
    orderId: externalId ?? '',
    items: lines.map(({ productId, quantity }) => ({ productId, quantity: quantity + more })),
    ...{ totalAmount: toMajor(totalMinor, currency), currency },
    ...(customerId !== undefined && { customerId }),
    ...(token !== undefined && { paymentToken: token }),
  }
  return {
    events: [{ at: ['data'], value }],
    client: client ?? '',
    trace: { sent: undefined, own: '' },
    request: undefined,
  }
}
