import { describe, expect, it } from 'vitest'
import { success } from '../../../src/kernel/result.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { Placement } from '../../../src/order/order.ts'
import { bytesOfPlacement, lengthened, type PlaceRequest } from '../../../src/order/partition/placement.ts'
import type { OrderObject } from '../../../workers/order/order-object.ts'
import { createOrderPartitions } from '../../../workers/order/order-partitions.ts'
import { CLIENT, NOW, placement } from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const asking = (changes: Partial<Placement> = {}, request?: IdempotentRequest): PlaceRequest => {
  const { placedAt: _at, deadlineAt: _deadline, ...value } = placement(changes)
  return { request, placement: success(value) }
}
const [FIRST, SECOND, THIRD] = ['ord_0_1', 'ord_0_2', 'ord_0_3'] as const
const REFUSAL = { code: 'unknown_product', detail: 'The catalogue has no product X.' } as const
const KEY = { requestKey: 'key', fingerprint: 'body' }

describe('many placements in one call', () => {
  it('are each placed and published; the reply has only what is new to the caller', () => {
    const world = createOrderWorld()
    const requests = [FIRST, SECOND].map((orderId) => asking({ orderId }))
    const replies = world.partition().placeAll(requests)
    expect(replies).toEqual([success(success({ placedAt: NOW })), success(success({ placedAt: NOW }))])
    expect(world.published()).toEqual(
      [FIRST, SECOND].flatMap(() => ['inventory OrderPlaced', 'payment OrderPlaced']),
    )
    expect(world.partition().get(SECOND, CLIENT)).toMatchObject({ orderId: SECOND, status: 'pending' })
  })

  it('have the same reply as one placement has, once the caller has completed it', () => {
    const said = { customerId: 'cust_1', reference: 'web-1001', metadata: { channel: 'web' } }
    const request = asking(said, KEY)
    const alone = createOrderWorld().partition().place(request)
    const [reply] = createOrderWorld().partition().placeAll([request])
    expect(reply?.ok && lengthened(request, reply.value)).toEqual(alone)
  })

  it('with the same key in one call are one order', () => {
    const world = createOrderWorld()
    const again = asking({ orderId: SECOND }, KEY)
    const [, reply] = world.partition().placeAll([asking({ orderId: FIRST }, KEY), again])
    expect(reply?.ok && lengthened(again, reply.value)).toMatchObject({
      value: { order: { orderId: FIRST }, isReplay: true },
    })
    expect(world.partition().get(SECOND, CLIENT)).toBeUndefined()
  })

  it('are refused alone', () => {
    const world = createOrderWorld()
    const refused: PlaceRequest = { request: KEY, placement: { ok: false, reason: REFUSAL } }
    const replies = world
      .partition()
      .placeAll([asking({ orderId: FIRST }), refused, asking({ orderId: THIRD })])
    expect(replies[1]).toEqual(success({ ok: false, reason: REFUSAL }))
    expect(replies.map((reply) => reply.ok && reply.value.ok)).toEqual([true, false, true])
  })

  it('count for the limits of the next in the same call', () => {
    const world = createOrderWorld()
    const bounds = { customer: { orders: 2, units: 100 }, failures: 2 }
    const requests = [FIRST, SECOND, THIRD].map((orderId) => ({
      ...asking({ orderId, customerId: 'cust_1' }),
      bounds,
    }))
    const replies = world.partition().placeAll(requests)
    expect(replies.map((reply) => reply.ok && (reply.value.ok || reply.value.reason.code))).toEqual([
      true,
      true,
      'too_many_open_orders',
    ])
  })

  it('fail alone at any statement: all of the one is undone, nothing of it is published, the others are placed', () => {
    const ids = [FIRST, SECOND, THIRD]
    for (let statements = 0; ; statements += 1) {
      const world = createOrderWorld()
      world.published()
      world.memory.failAfter(statements)
      const requests = ids.map((orderId) => asking({ orderId }, { requestKey: orderId, fingerprint: 'body' }))
      const replies = world.partition().placeAll(requests)
      const hasFailed = world.memory.mend()
      if (!hasFailed) return expect(statements).toBeGreaterThan(8)
      const placed = ids.filter((orderId) => world.partition().get(orderId, CLIENT) !== undefined)
      expect(placed).toHaveLength(2)
      expect(ids.filter((_, index) => replies[index]?.ok)).toEqual(placed)
      expect(world.published()).toHaveLength(4)
      const again = world.partition().placeAll(requests)
      expect(again.every((reply) => reply.ok && reply.value.ok)).toBe(true)
      expect(ids.every((orderId) => world.partition().get(orderId, CLIENT) !== undefined)).toBe(true)
    }
  })
})

describe('a new Worker and an object of an earlier version', () => {
  const old = { place: async (request: PlaceRequest) => createOrderWorld().partition().place(request) }
  const partitionsOf = (object: object) =>
    createOrderPartitions({ getByName: () => object } as unknown as DurableObjectNamespace<OrderObject>, [1])
  const unknown = new TypeError('The RPC receiver does not implement the method "placeAll".')

  it('place each order in a call of its own', async () => {
    const requests = [FIRST, SECOND].map((orderId) => asking({ orderId }))
    const object = { ...old, placeAll: () => Promise.reject(unknown) }
    const replies = await partitionsOf(object).placeAll('0', requests)
    expect(replies.map((reply) => reply.ok && reply.value)).toMatchObject(
      [FIRST, SECOND].map((orderId) => success({ order: { orderId }, isReplay: false })),
    )
  })

  it('pass on the error of one of them as it is, and the replies of the others', async () => {
    const reset = Object.assign(new Error('reset'), { durableObjectReset: true })
    const object = {
      place: (request: PlaceRequest) =>
        request.placement.ok && request.placement.value.orderId === FIRST
          ? Promise.reject(reset)
          : old.place(request),
      placeAll: () => Promise.reject(unknown),
    }
    const requests = [FIRST, SECOND].map((orderId) => asking({ orderId }))
    const [first, second] = await partitionsOf(object).placeAll('0', requests)
    expect(first).toEqual({ ok: false, reason: reset })
    expect(second).toMatchObject({ ok: true })
  })

  it('pass on any other error, without placing once more', async () => {
    const object = { placeAll: () => Promise.reject(new Error('Network connection lost.')) }
    await expect(partitionsOf(object).placeAll('0', [asking()])).rejects.toThrow('Network connection lost.')
  })
})

it('weighs a request by the most that it can be', () => {
  const weight = (request: PlaceRequest) => bytesOfPlacement(request)
  const metadata = { note: 'é'.repeat(500) }
  const lines = Array.from({ length: 100 }, (_, index) => ({
    productId: `${index}`.padStart(64, 'P'),
    ...{ quantity: 10_000, unitPriceMinor: 1_000_000_000, amountMinor: 10_000_000_000 },
  }))
  for (const request of [asking(), asking({ metadata }), asking({ lines, metadata })]) {
    expect(weight(request)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(request)))
  }
})
