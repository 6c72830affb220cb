import {
  abortAllDurableObjects,
  createMessageBatch,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { DAY_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { acknowledgementOf } from '../../../src/messaging/acknowledgement.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { fromArchiveText } from '../../../src/order/archive.ts'
import { type Order, placeOrder } from '../../../src/order/order.ts'
import { insertOrder, newRow } from '../../../src/order/partition/order-store.ts'
import worker from '../../../workers/order/index.ts'
import { listOrders } from '../../../workers/order/order-list.ts'
import { CLIENT, paymentVoided, placement, stockReleased } from '../../support/builders.ts'

const bindings = env as OrderEnv
const partition = () => bindings.ORDERS.getByName('orders-0')

/** Noon, so that all ids are of one day. */
const OLD = Math.floor(Date.now() / DAY_MS - 9) * DAY_MS + DAY_MS / 2

const settledOrder = (number: number): Order => {
  const orderId = newOrderId('0', timeDigits(OLD) + String(number).padStart(16, '0'))
  const { paymentToken: _used, ...placed } = placeOrder(
    placement({ orderId, placedAt: OLD, deadlineAt: OLD }),
  )
  return {
    ...{ ...placed, version: 7, status: 'confirmed', decidedAt: OLD, settledAt: OLD },
    ...{ inventory: { status: 'committed' } },
    payment: { status: 'captured', capturedMinor: 15_000, refundedMinor: 0 },
  }
}

const ORDERS = Array.from({ length: 250 }, (_, number) => settledOrder(number))

const rowsIn = async (table: string): Promise<number> =>
  await runInDurableObject(partition(), async (_object, { storage }) =>
    Number(storage.sql.exec(`SELECT count(*) AS rows FROM ${table}`).one()['rows']),
  )

/** The service lets go of both portions, and says so by the order inbox. */
const acknowledge = async (service: 'inventory' | 'payment') => {
  const messages = [ORDERS[0], ORDERS[200]].map((first, index) => {
    const subject = first?.orderId ?? ''
    const data = { orderIds: [subject], before: toTimestamp(OLD) }
    const event = createEvent({ type: 'OrdersArchived', subject, at: OLD, revision: 1, data })
    const body = acknowledgementOf([event], { service, at: Date.now() })
    return { id: `${service}${index}`, timestamp: new Date(), attempts: 1, body }
  })
  await worker.queue(createMessageBatch('edge-orders-order-inbox', messages), bindings)
}

it('orders leave a partition for R2 and the list, a portion at each alarm, and are read from there', async () => {
  await partition().rouse()
  await runInDurableObject(partition(), async (_object, { storage }) => {
    const sql: Sql = <Row>(query: string, ...values: (string | number | null)[]) =>
      storage.sql.exec(query, ...values).toArray() as Row[]
    for (const order of ORDERS) insertOrder(sql, newRow(order, null, OLD))
  })
  await listOrders(bindings.LISTS_DB, ORDERS)
  await abortAllDurableObjects()
  await partition().rouse()
  await expect
    .poll(async () => {
      await runDurableObjectAlarm(partition())
      return await rowsIn('orders')
    })
    .toBe(0)
  await expect
    .poll(async () => {
      await runDurableObjectAlarm(partition())
      return await rowsIn("departures WHERE document ->> '$.stage' = 'told'")
    })
    .toBe(2)
  await acknowledge('inventory')
  expect(await rowsIn('departures WHERE due_at IS NOT NULL')).toBe(2)
  await acknowledge('payment')
  expect(await rowsIn('departures WHERE due_at IS NOT NULL')).toBe(0)
  const { objects } = await bindings.ARCHIVE.list()
  const texts = await Promise.all(objects.map(async ({ key }) => (await bindings.ARCHIVE.get(key))?.text()))
  expect(texts.map((text) => fromArchiveText(text ?? '').length)).toEqual([200, 50])
  expect(texts.flatMap((text) => fromArchiveText(text ?? ''))).toEqual(ORDERS)
  const { results } = await bindings.LISTS_DB.prepare('SELECT count(*) AS rows FROM listed_orders').all()
  expect(results).toEqual([{ rows: 0 }])

  const orderId = ORDERS[225]?.orderId ?? ''
  const about = { data: { orderId }, revision: 9 }
  expect(await partition().get(orderId, CLIENT)).toMatchObject({ orderId, status: 'confirmed', version: 7 })
  expect(await partition().events(orderId, CLIENT)).toMatchObject([{ type: 'OrderPlaced' }])
  expect(await partition().follow({ orderId, reader: CLIENT, after: undefined, withinMs: 0 })).toMatchObject({
    isSettled: true,
  })
  expect(await partition().answer([stockReleased(about), paymentVoided(about)])).toEqual([])
  const cancellation = {
    orderId,
    caller: CLIENT,
    request: undefined,
    detail: 'Late.',
    traceparent: undefined,
  }
  expect(await partition().cancel(cancellation)).toEqual({
    ...{ ok: false, reason: { code: 'order_not_cancellable' } },
  })
  expect(await rowsIn('orders')).toBe(0)
})
