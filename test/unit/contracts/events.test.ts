import { describe, expect, it } from 'vitest'
import { createEvent, eventId, isEventType } from '../../../src/contracts/events.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

const facts = {
  type: 'StockReserved',
  subject: ORDER_ID,
  at: NOW,
  revision: 1,
  data: { orderId: ORDER_ID, lines: [{ productId: 'P001', quantity: 2 }] },
} as const
const lines = [{ productId: 'P001', quantity: 2 }]
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('createEvent', () => {
  it('builds a CloudEvent with our extension attributes', () => {
    const cause = { id: `${ORDER_ID}/OrderPlaced`, hops: 0, traceparent: TRACE }
    expect(createEvent({ ...facts, data: { orderId: ORDER_ID, lines }, cause })).toEqual({
      specversion: '1.0',
      id: `${ORDER_ID}/StockReserved`,
      source: '/inventory',
      type: 'StockReserved',
      schemaversion: 1,
      subject: ORDER_ID,
      time: '2026-11-23T12:00:00.000Z',
      datacontenttype: 'application/json',
      revision: 1,
      correlationid: ORDER_ID,
      causationid: `${ORDER_ID}/OrderPlaced`,
      traceparent: TRACE,
      hops: 1,
      data: { orderId: ORDER_ID, lines },
    })
  })

  it('begins a chain where nothing is the cause', () => {
    const event = createEvent({ ...facts, data: { orderId: ORDER_ID, lines } })
    expect(event).toMatchObject({ hops: 0 })
    expect(event).not.toHaveProperty('causationid')
    expect(event).not.toHaveProperty('traceparent')
  })

  it('counts one hop more than its cause', () => {
    const cause = { id: 'x', hops: 15 }
    expect(createEvent({ ...facts, data: { orderId: ORDER_ID, lines }, cause }).hops).toBe(16)
  })

  it('prefers its own trace to that of its cause', () => {
    const cause = { id: 'x', hops: 0, traceparent: 'the cause' }
    const event = createEvent({ ...facts, data: { orderId: ORDER_ID, lines }, cause, traceparent: TRACE })
    expect(event.traceparent).toBe(TRACE)
  })

  it('comes from where its facts say, where that is not the usual place', () => {
    const event = createEvent({ ...facts, data: { orderId: ORDER_ID, lines }, source: '/elsewhere' })
    expect(event.source).toBe('/elsewhere')
  })

  it('is byte for byte the same from the same facts', () => {
    const [first, second] = [1, 2].map(() => createEvent({ ...facts, data: { orderId: ORDER_ID, lines } }))
    expect(JSON.stringify(second)).toBe(JSON.stringify(first))
  })
})

describe('eventId', () => {
  it('follows from what happened', () => {
    expect(eventId('OrderPlaced', '12345')).toBe('12345/OrderPlaced')
  })

  it('tells apart what can recur', () => {
    expect(eventId('PaymentRefunded', '12345', 'rf_1')).toBe('12345/PaymentRefunded/rf_1')
  })
})

describe('isEventType', () => {
  it.each(['OrderPlaced', 'FactNoted'])('knows %s', (type) => {
    expect(isEventType(type)).toBe(true)
  })

  it.each(['', 'orderPlaced', 'OrderShipped', 'toString', '__proto__'])('does not know "%s"', (type) => {
    expect(isEventType(type)).toBe(false)
  })
})
