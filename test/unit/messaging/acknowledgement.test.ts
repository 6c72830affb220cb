import { describe, expect, it } from 'vitest'
import { createEvent, eventId, subjectOfEventId } from '../../../src/contracts/events.ts'
import {
  acknowledgedIds,
  acknowledgementOf,
  isAcknowledgement,
} from '../../../src/messaging/acknowledgement.ts'

const changed = (revision: number) =>
  createEvent({
    type: 'WebhooksChanged',
    subject: 'webhooks',
    occurrence: String(revision),
    at: 1_000,
    revision,
    data: { types: [] },
  })

const FROM = { service: 'order', at: 5_000 } as const

describe('an acknowledgement', () => {
  it('names each fact once, says which service it comes from, and is caused by the first fact', () => {
    const acknowledgement = acknowledgementOf([changed(1), changed(2), changed(1)], FROM)
    expect(acknowledgement).toMatchObject({
      id: 'webhooks/FactNoted/webhooks/WebhooksChanged/1',
      source: '/order',
      subject: 'webhooks',
      revision: 1,
      time: '1970-01-01T00:00:05.000Z',
      causationid: 'webhooks/WebhooksChanged/1',
      data: { ids: ['webhooks/WebhooksChanged/1', 'webhooks/WebhooksChanged/2'] },
    })
  })

  it('is the same event whenever the same fact is acknowledged', () => {
    const [first, second] = [acknowledgementOf([changed(1)], FROM), acknowledgementOf([changed(1)], FROM)]
    expect(first).toEqual(second)
  })

  it('is told apart from every other event, and lists what it acknowledges', () => {
    const acknowledgements = [changed(1), acknowledgementOf([changed(2)], FROM)].filter(isAcknowledgement)
    expect(acknowledgedIds(acknowledgements)).toEqual(['webhooks/WebhooksChanged/2'])
  })
})

describe('the subject of an event', () => {
  it.each([undefined, '3'])('is found in its id, with the occurrence %s', (occurrence) => {
    expect(subjectOfEventId(eventId('ProductChanged', 'P001', occurrence))).toBe('P001')
  })
})
