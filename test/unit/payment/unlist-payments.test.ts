import { describe, expect, it } from 'vitest'
import type { ListedPaymentKey } from '../../../src/payment/partition/departed-payments.ts'
import { listPayments, unlistPayments } from '../../../workers/payment/payment-list.ts'
import { CLIENT, NOW, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'

/** More keys than one bound value of D1 takes. */
const MANY = 12_000

const keyOf = (number: number): ListedPaymentKey => [
  CLIENT.client,
  NOW + number,
  `ord_0_01m844dzg0${String(number).padStart(16, '0')}`,
]

/** The database of the payments with so many of them in the list, and in the one of an earlier release. */
const listWith = async (count: number) => {
  const d1 = createInMemoryD1('payment')
  const world = createPaymentWorld()
  await world.respond(orderPlacedEvent(), orderConfirmedEvent())
  await world.memory.ringUntilRest(world.wake)
  const [template] = world.listed
  if (template === undefined) throw new Error('No payment was listed.')
  const keys = Array.from({ length: count }, (_, number) => keyOf(number))
  await listPayments(
    d1.database,
    keys.map(([client, createdAt, orderId]) => ({ ...template, client, createdAt, orderId })),
  )
  d1.sql(
    `INSERT INTO payments (created_at, order_id, revision, client, view)
      SELECT created_at, order_id, revision, client, view FROM listed_payments`,
  )
  const idsIn = (table: string) =>
    d1
      .sql<{ order_id: string }>(`SELECT order_id FROM ${table} ORDER BY created_at`)
      .map(({ order_id }) => order_id)
  return { ...d1, keys, listed: () => ({ now: idsIn('listed_payments'), before: idsIn('payments') }) }
}

describe('unlistPayments', () => {
  it('takes the payments off the list and off the one of an earlier release, and no other', async () => {
    const { database, keys, listed } = await listWith(5)
    await unlistPayments(database, keys.slice(1, 4))
    const kept = [keys[0]?.[2], keys[4]?.[2]]
    expect(listed()).toEqual({ now: kept, before: kept })
  })

  it('leaves a payment of the same order whose key differs in its client or its time', async () => {
    const { database, keys, listed } = await listWith(1)
    const [[client, createdAt, orderId] = keyOf(0)] = keys
    await unlistPayments(database, [
      ['another client', createdAt, orderId],
      [client, createdAt + 1, orderId],
    ])
    expect(listed().now).toEqual([orderId])
  })

  it('changes nothing when it is done again, or for payments that were never listed', async () => {
    const { database, keys, listed } = await listWith(3)
    await unlistPayments(database, keys.slice(0, 2))
    const before = listed()
    await unlistPayments(database, [...keys.slice(0, 2), keyOf(99)])
    expect(listed()).toEqual(before)
  })

  it('takes more payments than fit into one bound value', async () => {
    const { database, keys, listed } = await listWith(MANY)
    await unlistPayments(database, keys.slice(1))
    expect(listed()).toEqual({ now: [keyOf(0)[2]], before: [keyOf(0)[2]] })
  })
})
