import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { done } from '../../../src/messaging/consume.ts'
import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import { respond } from '../../../src/operations/responder.ts'
import {
  factNoted,
  NOW,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  paymentRefunded,
} from '../../support/builders.ts'

const createInbox = () => {
  const published: Outgoing[] = []
  const accepted: string[] = []
  const noted: string[] = []
  const inbox = {
    accepted,
    noted,
    onAccept: (): string[] => [],
    notes: () =>
      published.map(({ to, event }) => [to, event.subject, event.type === 'FactNoted' && event.data.ids]),
    respond: (...events: DomainEvent[]) =>
      respond(events, {
        keepAlerts: async () => {},
        accept: async (facts) => {
          const refused = inbox.onAccept()
          accepted.push(...facts.map(({ id }) => id).filter((id) => !refused.includes(id)))
          return refused
        },
        acknowledge: async (ids) => void noted.push(...ids),
        publish: async (outgoing) => void published.push(...outgoing),
        now: () => NOW,
      }),
  }
  return inbox
}

const confirmed = orderConfirmedEvent()
const cancelled = orderCancelledEvent()
const refunded = paymentRefunded({ data: { refundId: 'rf_1' } })

describe('announcements', () => {
  it('are noted to the order service, one note for each order, once webhooks have them', async () => {
    const inbox = createInbox()
    const other = orderConfirmedEvent({ data: { orderId: 'web-1' } })
    expect(await inbox.respond(confirmed, cancelled, refunded, other, confirmed)).toEqual([
      ...[done, done, done, done, done],
    ])
    expect(inbox.notes()).toEqual([
      ['order', confirmed.subject, [confirmed.id, cancelled.id, refunded.id]],
      ['order', 'web-1', [other.id]],
    ])
  })

  it('are retried alone where the webhook partition could not store one of them', async () => {
    const inbox = createInbox()
    inbox.onAccept = () => [cancelled.id]
    const [first, second] = await inbox.respond(confirmed, cancelled)
    expect([first, second?.kind]).toEqual([done, 'retry'])
    expect(inbox.notes()).toEqual([['order', confirmed.subject, [confirmed.id]]])
  })

  it('are not noted while webhooks cannot take them', async () => {
    const inbox = createInbox()
    inbox.onAccept = () => {
      throw new Error('away')
    }
    await expect(inbox.respond(confirmed)).rejects.toThrow('away')
    expect(inbox.notes()).toEqual([])
  })
})

it('hands on that the order service knows what is wanted', async () => {
  const inbox = createInbox()
  await inbox.respond(factNoted('webhooks', ['webhooks/WebhooksChanged/1']))
  expect(inbox.noted).toEqual(['webhooks/WebhooksChanged/1'])
})

it('parks what no webhook may ever have', async () => {
  const inbox = createInbox()
  expect(await inbox.respond(orderPlacedEvent())).toMatchObject([{ kind: 'park', reason: 'unexpected_type' }])
  expect(inbox.accepted).toEqual([])
})
