import { median, percentile } from '../statistics.ts'
import { assumed } from './assumptions.ts'
import { createChance } from './chance.ts'
import { createClock } from './clock.ts'
import { createInboxes } from './inboxes.ts'
import { createLists } from './lists.ts'
import type { Order } from './order.ts'
import type { Plan } from './plan.ts'
import { callObject, createGatherer, createServer, type Server } from './stations.ts'

export type Kind = 'order partition' | 'stock partition' | 'payment partition' | 'queue' | 'list database'

/** The figures of a run. A share is of the busiest one of its kind: at 1 it can do no more. */
export type Simulated = {
  settledPerSecond: number
  acceptP50Ms: number
  settleP50Ms: number
  settleP99Ms: number
  busyShare: Record<Kind, number>
  perOrder: { messages: number; queueOperations: number; invocations: number; objectCalls: number }
  /** The most calls that one batch of a consumer made at the same time. */
  callsOfBatchMax: number
}

/** As `PARTITION_ORDERS_MAX`: orders of one call. */
const GATHERED_MAX = 50
const SEED = 1
/** The second half of a run is measured. */
const RAMP_SHARE = 0.5

/** Runs orders of one line through a model of one cell for so many seconds. The same plan gives the same figures. */
export const simulate = (plan: Plan, seconds: number): Simulated => {
  const ms = seconds * 1_000
  const cell = createCell(plan)
  cell.start()
  cell.runUntil(ms * RAMP_SHARE)
  const settledAtHalfTime = cell.settled.length
  cell.runUntil(ms)
  const times = cell.settled.slice(settledAtHalfTime)
  const share = (servers: readonly { busyMs(): number }[]): number =>
    Math.max(...servers.map((server) => server.busyMs())) / ms
  const { order, stock, payment } = cell.partitions
  const busyShare = {
    'order partition': share(order),
    'stock partition': share(stock),
    'payment partition': share(payment),
    queue: share(cell.queues),
    'list database': share(cell.databases),
  }
  const perOrder = (total: number): number => total / cell.accepted.length
  const queued = (what: 'messages' | 'operations' | 'invocations'): number =>
    perOrder(cell.queues.reduce((sum, { counted }) => sum + counted[what], 0))
  return {
    settledPerSecond: times.length / (seconds * (1 - RAMP_SHARE)),
    acceptP50Ms: median(cell.accepted),
    settleP50Ms: median(times),
    settleP99Ms: percentile(times, 0.99),
    busyShare,
    perOrder: {
      messages: queued('messages'),
      queueOperations: queued('operations'),
      invocations: queued('invocations'),
      objectCalls: perOrder(
        [...order, ...stock, ...payment].reduce((sum, server) => sum + server.calls(), 0),
      ),
    },
    callsOfBatchMax: cell.callsOfBatchMax(),
  }
}

const createCell = (plan: Plan) => {
  const clock = createClock()
  const chance = createChance(SEED)
  const servers = (count: number): Server[] => Array.from({ length: count }, () => createServer(clock))
  const partitions = {
    order: servers(plan.orderPartitions),
    stock: servers(plan.stockPartitions),
    payment: servers(plan.orderPartitions),
  }
  /** In ms: from the request to the 202, and from the request to the settled order. */
  const accepted: number[] = []
  const settled: number[] = []
  const inboxes = createInboxes(clock, plan, partitions, {
    onReport: (order) => {
      order.reports += 1
      if (order.reports === 2) inboxes.publish(order)
      if (order.reports === 4) settled.push(clock.now() - order.placedAt)
    },
  })
  const lists = createLists(clock, plan)
  const gather = createGathering(clock, plan, partitions.order, (order) => {
    accepted.push(clock.now() - order.placedAt)
    inboxes.publish(order)
    lists.add(order)
  })
  const anyOf = (count: number): number => Math.floor(chance() * count)
  const isolates = Math.max(1, Math.ceil((plan.ordersPerSecond * plan.cells) / assumed('isolateOrders')))
  const pauseMs = (): number => (-Math.log(1 - chance()) * 1_000) / plan.ordersPerSecond

  const place = (): void => {
    const isHot = chance() < plan.hotShare
    const order: Order = {
      placedAt: clock.now(),
      partition: anyOf(plan.orderPartitions),
      stock: anyOf(isHot ? plan.hotLeases : plan.stockPartitions),
      reports: 0,
    }
    gather(anyOf(isolates), order)
    clock.at(clock.now() + pauseMs(), place)
  }

  return {
    start: (): void => {
      clock.at(pauseMs(), place)
      lists.writeEverySecond()
    },
    runUntil: clock.runUntil,
    accepted,
    settled,
    partitions,
    queues: inboxes.queues,
    databases: lists.databases,
    callsOfBatchMax: inboxes.callsOfBatchMax,
  }
}

/** While a call of an isolate to a partition is under way, the isolate's next orders for it wait and go as one call. */
const createGathering = (
  clock: ReturnType<typeof createClock>,
  plan: Plan,
  orderPartitions: readonly Server[],
  onAccepted: (order: Order) => void,
) => {
  const gatherers = new Map<number, { add(order: Order): void }>()
  const create = (server: Server) =>
    createGatherer<Order>(clock, { itemsMax: GATHERED_MAX, lingerMs: 0 }, (orders, done) =>
      callObject(server, orders.length, plan.roundTripMs, () => {
        orders.forEach(onAccepted)
        done()
      }),
    )
  return (isolate: number, order: Order): void => {
    const key = isolate * orderPartitions.length + order.partition
    const gatherer = gatherers.get(key) ?? create(orderPartitions[order.partition] as Server)
    gatherers.set(key, gatherer)
    gatherer.add(order)
  }
}
