import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { Bank } from '../../../src/payment/bank.ts'
import { readBankBooks } from '../../../src/payment/payment-book.ts'
import {
  type BankStatement,
  dailyWindow,
  type ReconcilePorts,
  reconcileAll,
} from '../../../src/payment/reconciliation.ts'
import { createSimulatorStatement } from '../../../workers/payment/gateways/simulator-statement.ts'
import { createStripeClient } from '../../../workers/payment/gateways/stripe/stripe-client.ts'
import { createStripeStatement } from '../../../workers/payment/gateways/stripe/stripe-statement.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  ordersArchivedEvent,
} from '../../support/builders.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'
import { checkStripeCalls, createStripeWorld } from '../../support/stripe/stripe-world.ts'

checkStripeCalls()

/** An order that was never placed here. */
const STRANGER_ID = 'ord_0_01m844dzg0000000000000000z'

const DAY = { from: NOW - HOUR_MS, to: NOW + HOUR_MS }

/** A shop with a payment partition, at one of the banks. */
type Shop = ReturnType<typeof createPaymentWorld> & { statement: BankStatement }

const atStripe = (): Shop => {
  const { bank, mock } = createStripeWorld()
  const world = createPaymentWorld()
  world.bank = bank
  const client = createStripeClient({ secretKey: 'sk_test_mock', apiBase: undefined }, mock.fetch)
  return Object.assign(world, { statement: createStripeStatement(() => client) })
}

const atSimulator = (): Shop => {
  const world = createPaymentWorld()
  const statement = createSimulatorStatement({
    labels: ['0'],
    ordersAfter: async (_label, orderId, limit) => world.simulatedBank.ordersAfter(orderId, limit),
  })
  return Object.assign(world, { statement })
}

const reconcile = (shop: Shop, changes: Partial<ReconcilePorts> = {}) => {
  const booksOf: ReconcilePorts['booksOf'] = async (orderIds) =>
    new Map(
      shop
        .partition()
        .booksOf(orderIds)
        .map((payment) => [payment.book.orderId, payment]),
    )
  const lookUp: Bank['lookUp'] = (question) => shop.bank.lookUp(question)
  return reconcileAll(DAY, {
    statement: shop.statement,
    booksOf,
    departedBefore: async (orderIds) =>
      new Map(orderIds.map((orderId) => [orderId, shop.partition().departedBefore()])),
    listHere: async () => ({ orderIds: [ORDER_ID] }),
    bankBooks: (orderIds) => readBankBooks(orderIds, { read: booksOf, lookUp }),
    ...changes,
  })
}

/** As `findOrderIds` once the payment was taken off the list. */
const EMPTY_LIST: Partial<ReconcilePorts> = { listHere: async () => ({ orderIds: [] }) }

/** The order is archived a week later, and its payment leaves after it. */
const departed = async (shop: Shop): Promise<void> => {
  await shop.memory.ringUntilRest(shop.wake)
  shop.memory.advance(8 * DAY_MS)
  await shop.respond(ordersArchivedEvent([ORDER_ID], NOW + 7 * DAY_MS))
  await shop.memory.ringUntilRest(shop.wake)
}

const captured = async (shop: Shop): Promise<Shop> => {
  await shop.respond(orderPlacedEvent())
  await shop.respond(orderConfirmedEvent())
  return shop
}

/** What a person, or another program, does at the bank behind our back. */
const behindOurBack = async (
  shop: Shop,
  operation: 'authorize' | 'refund',
  orderId: string,
): Promise<void> => {
  const call = { operation, orderId, amountMinor: 5_000, currency: 'USD', token: 'pm_card_visa' }
  const reference = shop.partition().booksOf([ORDER_ID])[0]?.authorizationId
  const authorizationId =
    operation === 'refund' && reference !== undefined ? { authorizationId: reference } : {}
  const made = await shop.bank.perform({ ...call, ...authorizationId, idempotencyKey: `${orderId}/by-hand` })
  if (made.kind === 'opened') {
    await shop.bank.perform({
      ...call,
      authorizationId: made.reference,
      idempotencyKey: `${orderId}/by-hand`,
    })
  }
}

describe.each([
  ['Stripe', atStripe],
  ['the simulated bank', atSimulator],
])('at %s', (_, openShop) => {
  it('agrees about payments that are captured, voided and refunded', async () => {
    const shop = await captured(openShop())
    expect(await reconcile(shop)).toEqual({
      ...{ differences: [], checked: 2, departed: 0, unread: 0, isComplete: true },
    })
    await shop.respond(orderCancelledEvent())
    expect((await reconcile(shop)).differences).toEqual([])
  })

  it('finds money that the bank has and the system does not know', async () => {
    const shop = await captured(openShop())
    await behindOurBack(shop, 'authorize', STRANGER_ID)
    expect((await reconcile(shop)).differences).toMatchObject([
      {
        ...{ kind: 'missing_here', orderId: STRANGER_ID, currency: 'USD' },
        bank: { heldMinor: 5_000, capturedMinor: 0, refundedMinor: 0 },
      },
    ])
  })

  it('finds amounts that differ, and changes nothing', async () => {
    const shop = await captured(openShop())
    await behindOurBack(shop, 'refund', ORDER_ID)
    const before = shop.view()
    const { differences } = await reconcile(shop)
    expect(differences).toMatchObject([
      {
        ...{ kind: 'amounts_differ', orderId: ORDER_ID },
        here: { heldMinor: 0, capturedMinor: 15_000, refundedMinor: 0 },
        bank: { heldMinor: 0, capturedMinor: 15_000, refundedMinor: 5_000 },
      },
    ])
    expect(shop.view()).toEqual(before)
  })

  it('counts a payment that has left with its order, and does not take it for one of others', async () => {
    const shop = await captured(openShop())
    await behindOurBack(shop, 'authorize', STRANGER_ID)
    await departed(shop)
    expect(shop.partition().booksOf([ORDER_ID])).toEqual([])
    expect(await reconcile(shop, EMPTY_LIST)).toMatchObject({
      ...{ checked: 1, departed: 1, unread: 0 },
      // No payment leaves while the bank holds money for it.
      differences: [{ kind: 'missing_here', orderId: STRANGER_ID, bank: { heldMinor: 5_000 } }],
    })
  })

  it('reads only the time that it is asked about', async () => {
    const shop = await captured(openShop())
    const page = await shop.statement({ from: NOW + HOUR_MS, to: NOW + 2 * HOUR_MS }, undefined)
    expect(page).toEqual({ kind: 'found', payments: [] })
  })

  it('reads every page of the bank', async () => {
    const shop = openShop()
    for (let order = 100; order < 203; order += 1) {
      await behindOurBack(shop, 'authorize', `ord_0_01m844dzg00000000000000${order}`)
    }
    expect((await reconcile(shop)).differences).toHaveLength(103)
  })
})

it('finds money of ours that the bank does not have', async () => {
  const shop = await captured(atSimulator())
  const emptied = { kind: 'found', records: [] } as const
  shop.bank = { ...shop.bank, lookUp: async () => emptied }
  const { differences } = await reconcile(shop, { statement: async () => ({ kind: 'found', payments: [] }) })
  expect(differences).toMatchObject([
    {
      kind: 'missing_at_bank',
      orderId: ORDER_ID,
      here: { capturedMinor: 15_000 },
      bank: { capturedMinor: 0 },
    },
  ])
})

it('leaves a payment out whose call is under way', async () => {
  const shop = atStripe()
  shop.begin({ ...orderPlacedEvent(), data: orderPlacedEvent().data })
  await behindOurBack(shop, 'authorize', ORDER_ID)
  expect((await reconcile(shop)).differences).toEqual([])
})

it('says how many payments the bank did not tell of', async () => {
  const shop = await captured(atSimulator())
  shop.bank = { ...shop.bank, lookUp: async () => ({ kind: 'unknown', detail: 'away' }) }
  const reconciled = await reconcile(shop, { statement: async () => ({ kind: 'found', payments: [] }) })
  expect(reconciled).toMatchObject({ differences: [], unread: 1 })
})

it('fails where the bank does not show its list', async () => {
  const shop = atStripe()
  await expect(
    reconcile(shop, { statement: async () => ({ kind: 'unknown', detail: 'away' }) }),
  ).rejects.toThrow('away')
})

it('stops after so many pages, and says so', async () => {
  const statement: BankStatement = async () => ({ kind: 'found', payments: [], next: 'more' })
  expect(await reconcile(atSimulator(), { statement })).toMatchObject({ isComplete: false })
})

it('runs once a day, after three in the morning, about the day before', () => {
  const midnight = Date.UTC(2026, 10, 28)
  const runs = Array.from({ length: 144 }, (_, nth) => dailyWindow(midnight + nth * 10 * MINUTE_MS + 1_234))
  expect(runs.filter((window) => window !== undefined)).toEqual([
    { from: midnight - 24 * HOUR_MS, to: midnight },
  ])
})
