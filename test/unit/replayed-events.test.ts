import { beforeEach, expect, it } from 'vitest'
import type { DomainEvent } from '../../src/contracts/events.ts'
import type { Service, Subscriber } from '../../src/contracts/topology.ts'
import type { LegReport } from '../../src/order/saga.ts'
import { ORDER_ID } from '../support/builders.ts'
import { createInventoryWorld } from '../support/inventory-world.ts'
import { createOrderWorld } from '../support/order-world.ts'
import { createPaymentWorld } from '../support/payment-world.ts'

/** Three services with their real partitions, and an order that is paid, refunded in part, cancelled and refunded whole. */
const createSystem = () => {
  const order = createOrderWorld()
  const payment = createPaymentWorld()
  const inventory = createInventoryWorld({ P001: 10, P002: 10 })
  const facts = ['P001', 'P002'].flatMap((id) => [`${id}/ProductChanged/1`, `${id}/StockReplenished/1`])
  for (const stock of inventory.stocks) stock.partition().acknowledge(facts)
  const partitions = [
    { memory: order.memory, wake: order.wake },
    { memory: payment.memory, wake: payment.wake },
    ...inventory.stocks.map(({ memory, wake }) => ({ memory, wake })),
  ]

  const deliver = async (to: Subscriber, events: readonly DomainEvent[]): Promise<void> => {
    if (events.length === 0) return
    if (to === 'order') order.answer(...(events as LegReport[]))
    if (to === 'payment') await payment.respond(...events)
    if (to === 'inventory') await inventory.respond(...events)
  }

  /** Delivers all that is published, until nothing is, and lets each alarm ring. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const outgoing = [order.memory, payment.memory].flatMap(({ takePublished }) => takePublished())
      const reports = [...payment.takeReports(), ...inventory.takeReports()]
      if (outgoing.length + reports.length === 0) break
      for (const { to, event } of outgoing) await deliver(to, [event])
      await deliver('order', reports)
    }
    for (const { memory, wake } of partitions) await memory.ringUntil(memory.now() + 10_000, wake)
  }

  return {
    order,
    settle,
    refund: (amount: number) => payment.refund({ amount }),
    replay: async (to: Service): Promise<DomainEvent[]> => {
      const { events, heldBack } = order.partition().replay([ORDER_ID], { to })
      expect(heldBack).toBe(0)
      await deliver(to, events)
      await settle()
      return events
    },
    /** Every row of every partition, the bank's books, without what is only counted. */
    rows: () => ({
      books: payment.operations(),
      balance: payment.balance(),
      partitions: partitions.map(({ memory }) => {
        const { watermarks: _counts, ...tables } = memory.rows()
        return tables
      }),
    }),
  }
}

let system: ReturnType<typeof createSystem>

beforeEach(async () => {
  system = createSystem()
  system.order.place()
  await system.settle()
  system.refund(10)
  await system.settle()
  system.order.cancel()
  await system.settle()
  expect(system.order.view()).toMatchObject({ status: 'cancelled', payment: { status: 'refunded' } })
  expect(system.order.view()?.settledAt).toBeDefined()
})

it.each([
  ['inventory', ['OrderPlaced', 'OrderConfirmed', 'OrderCancelled']],
  ['payment', ['OrderPlaced', 'OrderConfirmed', 'OrderCancelled']],
  ['order', ['StockReserved', 'PaymentAuthorized', 'StockCommitted', 'PaymentCaptured', 'PaymentRefunded']],
] as const)(
  'G2: events of a settled order that are replayed to %s change no row of any partition, and nothing at the bank',
  async (to, types) => {
    const before = system.rows()
    const events = await system.replay(to)
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining([...types]))
    expect(system.rows()).toEqual(before)
    await system.replay(to)
    expect(system.rows()).toEqual(before)
  },
)
