import {
  abortAllDurableObjects,
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import { partitionIndex } from '../../../src/kernel/partitions.ts'
import worker from '../../../workers/inventory/index.ts'
import { findMovements } from '../../../workers/inventory/ledger.ts'

const bindings = env as InventoryEnv
const COUNT = Number(bindings.STOCK_PARTITIONS)
const partitionOf = (productId: string) =>
  bindings.STOCK.getByName(`stock-${partitionIndex(productId, COUNT)}`)

/** Two products that lie in different partitions. */
const [LEFT, RIGHT] = (() => {
  const ids = Array.from({ length: 20 }, (_, index) => `Q${index}`)
  const right = ids.find((id) => partitionIndex(id, COUNT) !== partitionIndex('Q0', COUNT))
  return ['Q0', right ?? ''] as const
})()

let adjustments = 0
const stock = async (productId: string, onHand: number) => {
  const partition = partitionOf(productId)
  await partition.putProduct({ productId, name: productId, unitPriceMinor: 100, currency: 'USD' })
  const before = (await partition.product(productId))?.onHand ?? 0
  adjustments += 1
  const adjustmentId = `adj_${adjustments}`
  if (onHand === before) return
  await partition.adjust({
    adjustmentId,
    productId,
    delta: onHand - before,
    reason: 'receipt',
    request: undefined,
  })
}

const level = async (productId: string) => {
  const product = await partitionOf(productId).product(productId)
  return [product?.onHand, product?.reserved]
}

const order = (
  type: 'OrderPlaced' | 'OrderConfirmed',
  orderId: string,
  quantities: Record<string, number>,
) => {
  const items = Object.entries(quantities).map(([productId, quantity]) => ({ productId, quantity }))
  const data = { orderId, items, totalAmount: 1, currency: 'USD' }
  return createEvent({ type, subject: orderId, at: 1, revision: 1, data })
}

const letGo = (orderId: string, quantities: Record<string, number>) => {
  const items = Object.entries(quantities).map(([productId, quantity]) => ({ productId, quantity }))
  const reason = { code: 'cancelled_by_client', detail: '' }
  const data = { orderId, items, totalAmount: 1, currency: 'USD', reason }
  return createEvent({ type: 'OrderCancelled', subject: orderId, at: 1, revision: 2, data })
}

const deliver = async (bodies: unknown[]) => {
  const messages = bodies.map((body, index) => ({
    ...{ id: `m${index}`, timestamp: new Date(1), attempts: 1, body: body as object },
  }))
  const batch = createMessageBatch('edge-orders-inventory-inbox', messages)
  await worker.queue(batch, bindings)
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
  return { acked: explicitAcks.toSorted(), retried: retryMessages.map((message) => message.msgId) }
}

describe('an order over two stock partitions', () => {
  it('G3: an order over two stock partitions takes from both or from neither', async () => {
    await Promise.all([stock(LEFT, 10), stock(RIGHT, 2)])
    await deliver([[order('OrderPlaced', 'both', { [LEFT]: 1, [RIGHT]: 1 })]])
    await deliver([[order('OrderPlaced', 'neither', { [LEFT]: 1, [RIGHT]: 2 })]])
    expect([await level(LEFT), await level(RIGHT)]).toEqual([
      [10, 1],
      [2, 1],
    ])
  })

  it('G2: an order takes no stock when its cancellation came first, however often either comes', async () => {
    await Promise.all([stock(LEFT, 10), stock(RIGHT, 10)])
    const before = [await level(LEFT), await level(RIGHT)]
    const quantities = { [LEFT]: 3, [RIGHT]: 3 }
    const placed = order('OrderPlaced', 'late', quantities)
    await deliver([[letGo('late', quantities)], [placed, placed], [letGo('late', quantities)], [placed]])
    expect([await level(LEFT), await level(RIGHT)]).toEqual(before)
  })

  it('comes back once after it was committed, however often it is cancelled, crashes between or not', async () => {
    await Promise.all([stock(LEFT, 10), stock(RIGHT, 10)])
    const before = [await level(LEFT), await level(RIGHT)]
    const quantities = { [LEFT]: 2, [RIGHT]: 2 }
    await deliver([[order('OrderPlaced', 'back', quantities)]])
    await abortAllDurableObjects()
    await deliver([[order('OrderConfirmed', 'back', quantities)]])
    await deliver([[letGo('back', quantities)]])
    await abortAllDurableObjects()
    await deliver([[letGo('back', quantities)], [order('OrderConfirmed', 'back', quantities)]])
    expect([await level(LEFT), await level(RIGHT)]).toEqual(before)
  })
})

describe('the inventory inbox', () => {
  it('handles nine of ten when one is poison, and acknowledges all ten', async () => {
    await stock(LEFT, 100)
    const [, reserved = 0] = await level(LEFT)
    const orders = Array.from({ length: 9 }, (_, index) => [
      order('OrderPlaced', `nine-${index}`, { [LEFT]: 1 }),
    ])
    const newer = { ...order('OrderPlaced', 'newer', { [LEFT]: 1 }), schemaversion: 99 }
    const { acked, retried } = await deliver([...orders.slice(0, 5), [newer], ...orders.slice(5)])
    expect([acked.length, retried]).toEqual([10, []])
    expect((await level(LEFT))[1]).toBe(reserved + 9)
  })

  it('retries what it could not do, and does it once when it can', async () => {
    await stock(RIGHT, 50)
    const before = await level(RIGHT)
    const name = `stock-${partitionIndex(RIGHT, COUNT)}`
    await runInDurableObject(bindings.STOCK.getByName(name), (_, state) => {
      state.storage.sql.exec('ALTER TABLE holds RENAME TO holds_away')
    })
    const placed = order('OrderPlaced', 'retried', { [RIGHT]: 1 })
    expect(await deliver([[placed]])).toEqual({ acked: [], retried: ['m0'] })
    await runInDurableObject(bindings.STOCK.getByName(name), (_, state) => {
      state.storage.sql.exec('ALTER TABLE holds_away RENAME TO holds')
    })
    expect(await deliver([[placed], [placed]])).toEqual({ acked: ['m0', 'm1'], retried: [] })
    expect(await level(RIGHT)).toEqual([before[0], (before[1] ?? 0) + 1])
  })
})

describe('a stock partition', () => {
  it('G8: the ledger gets each movement once, after an eviction too', async () => {
    await stock('LEDGER', 10)
    const partition = partitionOf('LEDGER')
    await deliver([[order('OrderPlaced', 'entry', { LEDGER: 4 })]])
    await evictDurableObject(partition)
    await deliver([[order('OrderConfirmed', 'entry', { LEDGER: 4 })]])
    for (const _ of [1, 2]) {
      await runInDurableObject(partition, (__, state) => {
        state.storage.sql.exec('UPDATE holds SET due_at = 1')
        state.storage.sql.exec('UPDATE adjustments SET due_at = 1')
      })
      await runDurableObjectAlarm(partition)
    }
    const { items } = await findMovements(bindings.INVENTORY_DB, 'LEDGER', { list: '', limit: 10 })
    expect(items.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['commit', 4],
      ['reservation', 4],
      ['receipt', 10],
    ])
  })

  it('redelivers a changed product until it is acknowledged', async () => {
    const partition = partitionOf('OWED')
    await partition.putProduct({ productId: 'OWED', name: 'Owed', unitPriceMinor: 1, currency: 'USD' })
    const dueFacts = () =>
      runInDurableObject(partition, (_, state) =>
        state.storage.sql
          .exec("SELECT fact_id FROM facts WHERE due_at IS NOT NULL AND fact_id LIKE 'OWED/%'")
          .toArray(),
      )
    await runDurableObjectAlarm(partition)
    expect(await dueFacts()).toEqual([{ fact_id: 'OWED/ProductChanged/1' }])
    const data = { ids: ['OWED/ProductChanged/1'] }
    await deliver([
      [createEvent({ type: 'FactNoted', subject: 'OWED', occurrence: 'x', at: 1, revision: 1, data })],
    ])
    await runInDurableObject(partition, (_, state) => {
      state.storage.sql.exec('UPDATE facts SET due_at = 1 WHERE due_at IS NOT NULL')
    })
    await runDurableObjectAlarm(partition)
    expect(await dueFacts()).toEqual([])
  })

  it('refuses to run with another number of partitions than it was started with', async () => {
    const partition = bindings.STOCK.getByName('stock-misconfigured')
    await partition.levels('', 1)
    await runInDurableObject(partition, (_, state) => {
      state.storage.sql.exec("UPDATE settings SET value = '7' WHERE name = 'partition_count'")
    })
    await evictDurableObject(partition)
    const answer = await partition.levels('', 1).then(() => 'it ran', String)
    expect(answer).toContain('Set it back to 7')
  })
})
