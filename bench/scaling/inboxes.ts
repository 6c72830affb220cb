import { assumed } from './assumptions.ts'
import type { Clock } from './clock.ts'
import type { Order } from './order.ts'
import type { Plan } from './plan.ts'
import { callObject, createGatherer, createQueue, type Server } from './stations.ts'

type Partitions = Record<'order' | 'stock' | 'payment', readonly Server[]>

type Call = { servers: readonly Server[]; indexOf: (order: Order) => number }

/** The queues between the services, their consumers, and the publishers of the order partitions. */
export const createInboxes = (
  clock: Clock,
  plan: Plan,
  partitions: Partitions,
  { onReport }: { onReport: (order: Order) => void },
) => {
  let callsOfBatchMax = 0
  /** One call to each object that has a part in the batch, all at the same time. */
  const callEach = ({ servers, indexOf }: Call, orders: readonly Order[], done: () => void): void => {
    const groups = Map.groupBy(orders, indexOf)
    callsOfBatchMax = Math.max(callsOfBatchMax, groups.size)
    let open = groups.size
    for (const [index, group] of groups)
      callObject(servers[index] as Server, group.length, plan.roundTripMs, () => {
        open -= 1
        if (open === 0) done()
      })
  }
  const toOrder: Call = { servers: partitions.order, indexOf: ({ partition }) => partition }
  const toStock: Call = { servers: partitions.stock, indexOf: ({ stock }) => stock }
  const toPayment: Call = { servers: partitions.payment, indexOf: ({ partition }) => partition }

  const shards = Array.from({ length: plan.queuesPerInbox }, () => {
    const order = createQueue<Order>(clock, (orders, done) =>
      callEach(toOrder, orders, () => {
        orders.forEach(onReport)
        done()
      }),
    )
    const inventory = createQueue<Order>(clock, (orders, done) =>
      callEach(toStock, orders, () => order.send(orders, done)),
    )
    /** Begins the step, calls the bank, records its result, reports. */
    const payment = createQueue<Order>(clock, (orders, done) =>
      callEach(toPayment, orders, () =>
        clock.at(clock.now() + assumed('bankMs'), () =>
          callEach(toPayment, orders, () => order.send(orders, done)),
        ),
      ),
    )
    return { order, inventory, payment }
  })

  /** Each order partition publishes to both services, one send to each at a time. */
  const publishers = partitions.order.map((_, index) => {
    const { inventory, payment } = shards[index % shards.length] as (typeof shards)[number]
    const limits = { itemsMax: Number.POSITIVE_INFINITY, lingerMs: plan.lingerMs }
    return createGatherer<Order>(clock, limits, (orders, done) => {
      let open = 2
      const sent = (): void => {
        open -= 1
        if (open === 0) done()
      }
      inventory.send(orders, sent)
      payment.send(orders, sent)
    })
  })

  return {
    publish: (order: Order): void => publishers[order.partition]?.add(order),
    queues: shards.flatMap(({ order, inventory, payment }) => [order, inventory, payment]),
    callsOfBatchMax: () => callsOfBatchMax,
  }
}
