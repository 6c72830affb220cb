import { beforeEach, describe, expect, it } from 'vitest'
import { createListFilling } from '../../../src/messaging/list-filling.ts'
import { migrate } from '../../../src/messaging/schema.ts'
import type { Order } from '../../../src/order/order.ts'
import { listedOrders } from '../../../src/order/partition/listed-orders.ts'
import { OrderPartition } from '../../../src/order/partition/order-partition.ts'
import { ORDER_TABLES } from '../../../src/order/partition/order-store.ts'
import { placement } from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

/** The tables as they were before the list of orders had a database of its own. */
const TABLES_BEFORE = 3
const HUNDREDS = 250

const orderId = (number: number) => `ord_0_${String(number).padStart(26, '0')}`

let memory: ReturnType<typeof createMemoryHost>
let listed: string[]
let onList: (orders: readonly Order[]) => Promise<void>

beforeEach(() => {
  memory = createMemoryHost()
  listed = []
  onList = async () => {}
})

const list = async (orders: readonly Order[]) => {
  await onList(orders)
  listed.push(...orders.map((order) => order.orderId))
}

const start = () => {
  const ports = {
    ...{ oldestWaiting: async () => undefined, deadlineMs: 900_000, defaultCurrency: 'USD' },
    hashToken: undefined,
  }
  const partition = new OrderPartition({ host: memory.host, list, ...ports })
  const filling = createListFilling({ host: memory.host, partition: 'orders-0', source: listedOrders(list) })
  filling.wakeForDue()
  return { partition, filling }
}

const documents = (count: number): string[] => {
  const { partition } = start()
  for (let number = 1; number <= count; number += 1) {
    const { placedAt: _at, deadlineAt: _deadline, ...value } = placement({ orderId: orderId(number) })
    partition.place({ request: undefined, placement: { ok: true, value } })
  }
  const rows = memory.sql<{ document: string }>('SELECT document FROM orders ORDER BY order_id')
  return rows.map(({ document }) => document)
}

/** Orders as older code left them, listed in a table that is no longer read. */
const leftByOlderCode = (count: number): void => {
  const orders = documents(count)
  memory = createMemoryHost()
  memory.host.turn(() => migrate(memory.host.sql, ORDER_TABLES.slice(0, TABLES_BEFORE)))
  for (const [index, document] of orders.entries()) {
    memory.sql(
      `INSERT INTO orders (order_id, due_at, sends, sent_at, listed_version, document)
        VALUES (?, NULL, 1, 0, 1, ?)`,
      ...[orderId(index + 1), document],
    )
  }
}

const allOrders = Array.from({ length: HUNDREDS }, (_, index) => orderId(index + 1))

describe('a partition that older code has filled', () => {
  beforeEach(() => leftByOlderCode(HUNDREDS))

  it('lists all its orders, a hundred at each alarm, and then rests', async () => {
    const { filling } = start()
    const portions: number[] = []
    onList = async (orders) => void portions.push(orders.length)
    await memory.ringUntilRest(filling.wake)
    expect(listed).toEqual(allOrders)
    expect(portions).toEqual([100, 100, 50])
    expect(memory.sql('SELECT * FROM filling')).toEqual([])
    expect(memory.logged).toContain('the list of orders is filled')
  })

  it('goes on where it was after a restart', async () => {
    const { filling } = start()
    await memory.ring(filling.wake)
    memory.loseAlarm()
    const again = start()
    await memory.ringUntilRest(again.filling.wake)
    expect(listed).toEqual(allOrders)
  })

  it('lists a portion again that the list could not take', async () => {
    const { filling } = start()
    let tries = 0
    onList = async () => {
      tries += 1
      if (tries === 2) throw new Error('D1_ERROR: overloaded')
    }
    await memory.ringUntilRest(filling.wake)
    expect(listed).toEqual(allOrders)
    expect(memory.logged).toContain('orders could not be listed')
  })

  it('begins with the first order where that is asked for while a portion is on its way', async () => {
    const { filling } = start()
    onList = async () => {
      onList = async () => {}
      memory.advance(1)
      filling.restart()
    }
    await memory.ringUntilRest(filling.wake)
    expect(listed).toEqual([...allOrders.slice(0, 100), ...allOrders])
  })
})

it('a partition without orders has nothing to fill, and sets no alarm', () => {
  start()
  expect(memory.wakeAt()).toBeUndefined()
  expect(memory.sql('SELECT * FROM filling')).toEqual([])
})

it('what is asked for again fills the list again', async () => {
  leftByOlderCode(3)
  const { filling } = start()
  await memory.ringUntilRest(filling.wake)
  filling.restart()
  await memory.ringUntilRest(filling.wake)
  expect(listed).toEqual([...allOrders.slice(0, 3), ...allOrders.slice(0, 3)])
})
