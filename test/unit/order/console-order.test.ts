import { describe, expect, it } from 'vitest'
import { storySchema } from '../../../src/contracts/http/story.ts'
import { compared } from '../../../workers/order/edge/console/order/comparison.tsx'
import { chaptersOf } from '../../../workers/order/edge/console/order/steps.ts'
import type { Story } from '../../../workers/order/edge/console/order/story.ts'
import { Timeline } from '../../../workers/order/edge/console/order/timeline.tsx'

const AT = Date.parse('2026-11-23T14:20:02.000Z')
const ID = 'ord_0_01kb'

const time = (ms: number): string => new Date(AT + ms).toISOString()

type Caused = { by?: string; occurrence?: string }

const event = (type: string, source: string, ms: number, { by, occurrence = '' }: Caused = {}) => ({
  ...{ specversion: '1.0', id: `${ID}/${type}${occurrence}`, source, type, schemaversion: 1, subject: ID },
  ...{ time: time(ms), datacontenttype: 'application/json', revision: 1, correlationid: ID, hops: 0 },
  ...{ data: { orderId: ID }, ...(by !== undefined && { causationid: `${ID}/${by}` }) },
})

const EVENTS = [
  event('OrderPlaced', '/order', 0),
  event('StockReserved', '/inventory', 30, { by: 'OrderPlaced' }),
  event('PaymentAuthorized', '/payment', 60, { by: 'OrderPlaced' }),
  event('OrderConfirmed', '/order', 75, { by: 'PaymentAuthorized' }),
  event('StockCommitted', '/inventory', 90, { by: 'OrderConfirmed' }),
  event('PaymentCaptured', '/payment', 100, { by: 'OrderConfirmed' }),
  event('OrderSettled', '/order', 120),
]

const bankOf = (type: string, ms: number, key = `${ID}/${type}/1`) => ({
  ...{ type, amount: 20.1, idempotencyKey: key, outcome: 'succeeded', reference: 'sim_1', at: time(ms) },
})

const settled = (changes: object = {}): Story =>
  storySchema.parse({
    order: {
      ...{ orderId: ID, status: 'confirmed', version: 7, currency: 'USD', totalAmount: 20.1 },
      items: [{ productId: 'P001', quantity: 2, unitPrice: 10.05, amount: 20.1 }],
      inventory: { status: 'committed' },
      payment: { status: 'captured', capturedAmount: 20.1, refundedAmount: 0 },
      ...{ placedAt: time(0), decidedAt: time(75), settledAt: time(120), client: 'shop' },
    },
    events: EVENTS,
    payment: {
      ...{ orderId: ID, client: 'shop', status: 'captured', currency: 'USD', amount: 20.1 },
      ...{ capturedAmount: 20.1, refundedAmount: 0, attempts: 2, refunds: [] },
      ...{ createdAt: time(50), updatedAt: time(100) },
    },
    bank: [bankOf('authorize', 58), bankOf('capture', 97)],
    stock: {
      reservations: [
        {
          status: 'committed',
          items: [{ productId: 'P001', quantity: 2 }],
          ...{ reservedAt: time(28), committedAt: time(89) },
        },
      ],
      movements: [],
    },
    ...{ deliveries: [], deadLetters: [], audit: [], unread: [] },
    ...changes,
  })

const waysOf = (story: Story) =>
  chaptersOf(story).map(({ title, steps }) => ({
    title,
    steps: steps.map(({ name, from, workFrom, to, work }) => [name, from - AT, workFrom - AT, to - AT, work]),
  }))

describe('where the time went', () => {
  it('is waiting until a service has the cause by its own rows, and then its work', () => {
    expect(waysOf(settled())).toEqual([
      {
        title: 'From the request to settled',
        steps: [
          ['OrderPlaced', 0, 0, 0, 'partition'],
          ['StockReserved', 0, 28, 30, 'partition'],
          ['PaymentAuthorized', 0, 50, 60, 'bank'],
          ['OrderConfirmed', 60, 75, 75, 'partition'],
          ['StockCommitted', 75, 89, 90, 'partition'],
          ['PaymentCaptured', 75, 97, 100, 'bank'],
          ['OrderSettled', 100, 120, 120, 'partition'],
        ],
      },
    ])
  })

  it('of a later refund has its own scale, from the moment when it was requested', () => {
    const refundId = 'rf_1'
    const story = settled()
    const refunded = settled({
      events: [
        ...EVENTS,
        event('PaymentRefunded', '/payment', 60_030, {
          by: `RefundRequested/${refundId}`,
          occurrence: `/${refundId}`,
        }),
      ],
      payment: {
        ...story.payment,
        refunds: [
          {
            ...{ refundId, orderId: ID, amount: 1, currency: 'USD', status: 'succeeded' },
            requestedAt: time(60_000),
          },
        ],
      },
      bank: [...(story.bank ?? []), bankOf('refund', 60_020, `${ID}/refund-${refundId}/1`)],
    })
    expect(waysOf(refunded)[1]).toEqual({
      title: 'A refund',
      steps: [['PaymentRefunded', 60_000, 60_020, 60_030, 'bank']],
    })
  })

  it('is known from the events alone where other parts could not be read', () => {
    const { payment: _payment, bank: _bank, stock: _stock, ...rest } = settled()
    const [chapter] = waysOf(rest)
    expect(chapter?.steps[2]).toEqual(['PaymentAuthorized', 0, 60, 60, 'bank'])
  })
})

describe('the order beside its stock and its payment', () => {
  it('is alike once it is settled', () => {
    expect(compared(settled()).filter(({ isEqual }) => !isEqual)).toEqual([])
  })

  it('differs where the bank has captured more than the order knows', () => {
    const bank = [bankOf('authorize', 58), bankOf('capture', 97), bankOf('capture', 98)]
    const differing = compared(settled({ bank })).filter(({ isEqual }) => !isEqual)
    expect(differing.map(({ fact, service }) => [fact, service])).toEqual([
      ['Captured at the bank', 'USD\u00a040.20'],
    ])
  })

  it('differs where a stock partition has released what the order has', () => {
    const stock = {
      reservations: [{ status: 'released', items: [{ productId: 'P001', quantity: 1 }] }],
      movements: [],
    }
    const differing = compared(settled({ stock })).filter(({ isEqual }) => !isEqual)
    expect(differing.map(({ fact, order, service }) => [fact, order, service])).toEqual([
      ['Stock', 'committed', 'released'],
      ['Units', '2 × P001', '1 × P001'],
    ])
  })
})

it('the timeline has events and what the bank did in one row of time, or only what failed', () => {
  const declined = { ...bankOf('authorize', 58), outcome: 'declined' }
  const story = settled({ bank: [declined, bankOf('capture', 97)] })
  const namesIn = (isFailedOnly: boolean) =>
    [...String(Timeline({ story, isFailedOnly })).matchAll(/<strong>([^<]*)<\/strong>/g)].map(
      ([, name]) => name,
    )
  expect(namesIn(false)).toEqual([
    ...['OrderPlaced', 'StockReserved', 'Bank: authorize', 'PaymentAuthorized', 'OrderConfirmed'],
    ...['StockCommitted', 'Bank: capture', 'PaymentCaptured', 'OrderSettled'],
  ])
  expect(namesIn(true)).toEqual(['Bank: authorize'])
})
