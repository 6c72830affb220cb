import { describe, expect, it } from 'vitest'
import { type DomainEvent, EVENTS, type EventType } from '../../../src/contracts/events.ts'
import { publicEvent } from '../../../src/contracts/public-event.ts'
import { eventExample } from '../../../src/documents/published-event-examples.ts'
import { ORDER_ID, productChangedEvent, stockReserved } from '../../support/builders.ts'

const TYPES = Object.keys(EVENTS) as EventType[]
const INSIDE = { client: 'shop', redriveid: '01m84k7d3xj3k0vq1yh6e5b9ra' }

/** What the published example of the event has that may be told outside. */
const toldOf = (type: EventType): object => {
  const { data, ...envelope } = eventExample(type)
  const { payment: _token, ...told } = data as { payment?: unknown }
  return { ...envelope, data: told }
}

describe('an event outside the system', () => {
  it.each(TYPES)('%s is what its document describes, without what stays inside', (type) => {
    const example = eventExample(type)
    const { data } = example as { data: object }
    const hidden = type === 'OrderRejected' || type === 'OrderCancelled' ? { client: 'shop' } : {}
    const event = { ...example, ...INSIDE, unheardOf: 1, data: { ...data, ...hidden, unheardOf: 1 } }
    expect(publicEvent(event as unknown as DomainEvent)).toEqual(toldOf(type))
  })

  it('names the order as its client does, under its own id and subject', () => {
    const event = stockReserved({ owner: { client: 'shop', externalid: '12345' } })
    const { client: _client, externalid: _name, ...told } = event
    expect(publicEvent(event)).toEqual({ ...told, data: { ...event.data, orderId: '12345' } })
    expect(told).toMatchObject({ id: `${ORDER_ID}/StockReserved`, subject: ORDER_ID })
  })

  it('has no order id where it is about none', () => {
    expect(publicEvent({ ...productChangedEvent(), externalid: '12345' }).data).not.toHaveProperty('orderId')
  })
})
