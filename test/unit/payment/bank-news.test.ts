import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { HOUR_MS } from '../../../src/kernel/instant.ts'
import { takeNews } from '../../../src/payment/take-news.ts'
import {
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
} from '../../support/builders.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'
import { checkStripeCalls, createStripeWorld } from '../../support/stripe/stripe-world.ts'

checkStripeCalls()

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** A payment partition before Stripe, with the receiver of Stripe's events. */
const createShop = () => {
  const { bank, mock } = createStripeWorld()
  const world = createPaymentWorld()
  world.bank = bank
  const published: DomainEvent[] = []
  return Object.assign(world, {
    mock,
    publishedNews: () => published.splice(0).map(({ type }) => type),
    post: (eventId: string, orderId = ORDER_ID) =>
      takeNews({ eventId, orderId }, TRACE, {
        partition: {
          questionFor: async (news) => world.partition().questionFor(news),
          applyNews: async (news, records) => world.partition().applyNews(news, records),
          record: async (reports) => world.partition().record(reports),
        },
        bank,
        publish: async (outgoing) => {
          published.push(...outgoing.map(({ event }) => event))
        },
        now: world.memory.now,
      }),
    status: () => world.view()?.status,
    pass: (ms: number) => {
      world.memory.advance(ms)
      mock.pass(ms)
    },
  })
}

const captured = async () => {
  const shop = createShop()
  await shop.respond(orderPlacedEvent())
  await shop.respond(orderConfirmedEvent())
  shop.takeReports()
  return shop
}

/** The payment asked for its authorization, and no response came: a step is open. */
const unanswered = async () => {
  const shop = createShop()
  shop.mock.next('lost response', 'PostPaymentIntentsIntentConfirm')
  for (let call = 0; call < 3; call += 1) shop.mock.next('no connection', 'PostPaymentIntentsIntentConfirm')
  await shop.respond(orderPlacedEvent())
  return shop
}

describe('an event of the bank', () => {
  it('that comes before the response of our own call is taken for it, and the payment is reported', async () => {
    const shop = await unanswered()
    expect(await shop.post('evt_1')).toBe('taken')
    expect([
      shop.partition().questionFor({ eventId: 'evt_2', orderId: ORDER_ID }).kind,
      shop.publishedNews(),
    ]).toEqual(['ask', ['PaymentAuthorized']])
    expect(shop.mock.balance().authorizations).toBe(1)
  })

  it('that comes again has no effect', async () => {
    const shop = await unanswered()
    await shop.post('evt_1')
    shop.publishedNews()
    expect([await shop.post('evt_1'), await shop.post('evt_1')]).toEqual(['duplicate', 'duplicate'])
    expect(shop.publishedNews()).toEqual([])
  })

  it('that comes twice at once has its effect once', async () => {
    const shop = await unanswered()
    const outcomes = await Promise.all([shop.post('evt_1'), shop.post('evt_1')])
    expect(outcomes.toSorted()).toEqual(['duplicate', 'taken'])
  })

  it('that comes late or contradicts the books changes nothing: the books decide', async () => {
    const shop = await captured()
    const before = shop.view()
    for (const eventId of ['evt_canceled', 'evt_failed', 'evt_requires_action']) {
      expect(await shop.post(eventId)).toBe('taken')
    }
    expect(shop.view()).toEqual(before)
    expect(shop.mock.balance()).toMatchObject({ captured: 15_000, refunded: 0 })
  })

  it('about an order that was never placed is known to nobody', async () => {
    expect(await createShop().post('evt_1', 'ord_0_01m844dzg00000000000000009')).toBe('unknown')
  })

  it('comes again where the books cannot be read', async () => {
    const shop = await unanswered()
    shop.mock.next('no connection')
    expect([await shop.post('evt_1'), await shop.post('evt_1')]).toEqual(['unread', 'taken'])
  })

  it('is stored with its effect or not at all', async () => {
    const shop = await unanswered()
    for (let statements = 0; ; statements += 1) {
      shop.memory.failAfter(statements)
      const outcome = await shop.post('evt_1').catch(() => 'failed')
      if (!shop.memory.mend()) {
        expect(outcome).toBe('taken')
        break
      }
      const asked = shop.partition().questionFor({ eventId: 'evt_1', orderId: ORDER_ID }).kind
      expect([statements, shop.status(), asked]).toEqual([statements, 'pending', 'ask'])
    }
    expect(shop.publishedNews()).toEqual(['PaymentAuthorized'])
  })

  it('is forgotten after a month, which is longer than a bank sends it again', async () => {
    const shop = await captured()
    await shop.post('evt_1')
    shop.pass(30 * 24 * HOUR_MS)
    expect(await shop.post('evt_1')).toBe('duplicate')
    shop.pass(3 * 24 * HOUR_MS)
    await shop.post('evt_2')
    expect(shop.memory.sql('SELECT event_id FROM bank_news')).toEqual([{ event_id: 'evt_2' }])
  })
})

describe('an authorization that the bank gave up', () => {
  it('ends the payment, so that the order gives its stock back', async () => {
    const shop = createShop()
    await shop.respond(orderPlacedEvent())
    shop.mock.lapse()
    expect(await shop.post('evt_1')).toBe('taken')
    expect(shop.publishedNews()).toEqual(['PaymentFailed'])
    expect(shop.view()).toMatchObject({ status: 'failed', reason: { code: 'authorization_expired' } })
  })

  it('ends nothing that was cancelled before', async () => {
    const shop = createShop()
    await shop.respond(orderPlacedEvent())
    await shop.respond(orderCancelledEvent())
    expect([await shop.post('evt_1'), shop.status()]).toEqual(['taken', 'voided'])
  })
})

const revisionOf = (shop: ReturnType<typeof createShop>): number =>
  shop.partition().booksOf([ORDER_ID])[0]?.revision ?? 0

describe('a refund that fails after the bank took it', () => {
  const refunded = async () => {
    const shop = await captured()
    await shop.respond(orderCancelledEvent())
    shop.mock.failRefunds()
    await shop.post('evt_1')
    return shop
  }

  it('is shown, and the payment keeps its sums', async () => {
    const shop = await refunded()
    expect(shop.view()).toMatchObject({ refundedAmount: 150, stuck: { code: 'refund_failed' } })
  })

  it('is listed: the payment has its next revision', async () => {
    const shop = await captured()
    await shop.respond(orderCancelledEvent())
    shop.mock.failRefunds()
    const before = revisionOf(shop)
    await shop.post('evt_1')
    expect(revisionOf(shop)).toBe(before + 1)
  })

  it('is not taken for one that the books do not show yet', async () => {
    const shop = await captured()
    shop.pass(HOUR_MS)
    await shop.respond(orderCancelledEvent())
    shop.mock.lag(20_000)
    expect(await shop.post('evt_1')).toBe('taken')
    expect(shop.view()).not.toHaveProperty('stuck')
  })

  it('is shown no more once the bank has refunded the amount', async () => {
    const shop = await refunded()
    await shop.bank.perform({
      ...{ operation: 'refund', orderId: ORDER_ID, amountMinor: 15_000, currency: 'USD' },
      ...{ authorizationId: shop.mock.intents()[0]?.id ?? '', idempotencyKey: 'by hand' },
    })
    await shop.post('evt_2')
    expect(shop.view()).not.toHaveProperty('stuck')
  })
})
