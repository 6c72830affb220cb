import { describe, expect, it } from 'vitest'
import { isPlainVersion1, upcastOrderPlaced, upcastOrderPlacedData } from '../../../src/contracts/upcast.ts'

const PLAIN = {
  eventType: 'OrderPlaced' as const,
  orderId: '12345',
  items: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
  totalAmount: 150,
  timestamp: '2023-10-05T12:00:00Z',
}
const DATA = { orderId: '12345', items: PLAIN.items, totalAmount: 150, currency: 'USD' }

describe('isPlainVersion1', () => {
  it('knows the shape that came without an envelope', () => {
    expect(isPlainVersion1(PLAIN)).toBe(true)
  })

  it.each([
    ['an envelope', { specversion: '1.0', type: 'OrderPlaced' }],
    ['an envelope with an extra eventType', { specversion: '1.0', eventType: 'OrderPlaced' }],
    ['a list', [PLAIN]],
    ['nothing', null],
    ['a text', 'eventType'],
  ])('does not take %s for it', (_, value) => {
    expect(isPlainVersion1(value)).toBe(false)
  })
})

describe('upcastOrderPlaced', () => {
  it('is the event of the current version, in the default currency', () => {
    expect(upcastOrderPlaced(PLAIN, 'USD')).toEqual({
      specversion: '1.0',
      id: '12345/OrderPlaced',
      source: '/order',
      type: 'OrderPlaced',
      schemaversion: 2,
      subject: '12345',
      time: '2023-10-05T12:00:00.000Z',
      datacontenttype: 'application/json',
      revision: 1,
      correlationid: '12345',
      hops: 0,
      data: DATA,
    })
  })
})

describe('upcastOrderPlacedData', () => {
  const { eventType: _type, timestamp: _time, ...withoutEnvelopeFields } = PLAIN

  it('takes the data of version 1 inside an envelope', () => {
    expect(upcastOrderPlacedData(withoutEnvelopeFields, PLAIN.timestamp, 'USD')).toEqual(DATA)
  })

  it('takes the whole plain event inside an envelope', () => {
    expect(upcastOrderPlacedData(PLAIN, '2026-01-01T00:00:00Z', 'USD')).toEqual(DATA)
  })

  it.each([[null], ['text'], [{ orderId: '12345' }]])('leaves %j to be refused as it is', (data) => {
    expect(upcastOrderPlacedData(data, PLAIN.timestamp, 'USD')).toBe(data)
  })
})
