import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  listDurableObjectIds,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import worker from '../../../workers/order/index.ts'

const bindings = env as OrderEnv
const named = (name: string) => bindings.ORDERS.getByName(name)

const sqlIn = <Row extends Record<string, SqlStorageValue>>(name: string, query: string) =>
  runInDurableObject(named(name), (_, state) => state.storage.sql.exec<Row>(query).toArray())

const rememberedBy = (name: string) => sqlIn<{ value: string }>(name, 'SELECT value FROM settings')

/** As if the list had been this one until now. */
const haveRunWith = async (name: string, list: string) => {
  await sqlIn(name, `UPDATE settings SET value = '${list}'`)
  await evictDurableObject(named(name))
}

const LINE = { productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }

const place = (name: string, orderId: string): Promise<string> => {
  const value = { orderId, client: 'shop', currency: 'USD', totalMinor: 10_000, lines: [LINE] }
  const placed = named(name).place({ request: undefined, placement: { ok: true, value } })
  return Promise.resolve(placed).then(() => 'placed', String)
}

const orderId = (label: string, number: number) => `ord_${label}_${String(number).padStart(26, '0')}`

/** In this order: a partition that refuses lets no test into its storage any more. */
describe('the list of order partitions', () => {
  it('is remembered by the first partition, and by another as soon as that agrees', async () => {
    expect(await place('orders-1', orderId('1', 1))).toBe('placed')
    expect([await rememberedBy('orders-0'), await rememberedBy('orders-1')]).toEqual([
      [{ value: '2' }],
      [{ value: '2' }],
    ])
  })

  it('of a Worker that has another one is refused by the first partition', async () => {
    const asked = await named('orders-0')
      .keepTo('4')
      .then(() => 'agreed', String)
    expect(asked).toContain(
      'ORDER_PARTITIONS is 4, but this system was started with 2, which decides where each order lies. ' +
        'Set it back to 2, or to 2,4 to have more.',
    )
    expect(await rememberedBy('orders-0')).toEqual([{ value: '2' }])
  })

  it('is the first one that a partition sees which ran before lists were remembered', async () => {
    await sqlIn('orders-1', 'DROP INDEX orders_by_external_id')
    await sqlIn('orders-1', 'ALTER TABLE orders DROP COLUMN external_id')
    await sqlIn('orders-1', 'DROP INDEX orders_by_position')
    for (const column of ['unacknowledged', 'position', 'positions']) {
      await sqlIn('orders-1', `ALTER TABLE orders DROP COLUMN ${column}`)
    }
    for (const table of ['departures', 'marks', 'departed', 'feed']) {
      await sqlIn('orders-1', `DROP TABLE ${table}`)
    }
    await sqlIn('orders-1', 'DROP TABLE feed_consumers')
    await sqlIn('orders-1', 'DROP TABLE filling')
    await sqlIn('orders-1', 'DROP TABLE settings')
    await sqlIn('orders-1', 'DROP TABLE idempotency_keys')
    await sqlIn('orders-1', 'DROP TABLE sweeps')
    await sqlIn('orders-1', 'DROP TABLE watermarks')
    await sqlIn('orders-1', 'DROP TABLE schema_applied')
    await sqlIn('orders-1', 'UPDATE schema_version SET version = 2')
    await evictDurableObject(named('orders-1'))
    expect(await place('orders-1', orderId('1', 2))).toBe('placed')
    expect(await rememberedBy('orders-1')).toEqual([{ value: '2' }])
    expect(await sqlIn('orders-1', 'SELECT count(*) AS count FROM orders')).toEqual([{ count: 2 }])
  })

  it('that is not the one a partition ran with stops its calls and its alarm', async () => {
    await haveRunWith('orders-1', '3')
    const reason = 'ORDER_PARTITIONS is 2, but this system was started with 3'
    expect(await place('orders-1', orderId('1', 3))).toContain(reason)
    const rung = await runDurableObjectAlarm(named('orders-1')).then(() => 'rang', String)
    expect(rung).toContain(reason)
  })

  it('that the first partition refuses starts no partition for the first time, however many call at once', async () => {
    await haveRunWith('orders-0', '3')
    const numbers = [1, 2, 3, 4, 5]
    const placed = await Promise.all(numbers.map((number) => place('orders-z', orderId('z', number))))
    for (const answer of placed) {
      expect(answer).toContain('ORDER_PARTITIONS is 2, but this system was started with 3')
    }
  })

  it('that the first partition refuses lets events wait on the inbox, and none be taken for an unknown order', async () => {
    const before = await listDurableObjectIds(bindings.ORDERS)
    const answer = createEvent({
      ...{ type: 'StockReleased', subject: 'web-1', at: 1, revision: 9 },
      data: { orderId: 'web-1', lines: [] },
    })
    const body = [answer]
    const messages = [{ id: 'm0', timestamp: new Date(1), attempts: 1, body }]
    const batch = createMessageBatch('edge-orders-order-inbox', messages)
    await worker.queue(batch, bindings)
    const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
    expect([explicitAcks, retryMessages.map(({ msgId }) => msgId)]).toEqual([[], ['m0']])
    expect(await listDurableObjectIds(bindings.ORDERS)).toEqual(before)
  })
})
