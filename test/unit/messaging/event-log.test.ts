import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/messaging/consume.ts'
import { handledFields, isLogged } from '../../../src/messaging/event-log.ts'
import { NOW, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { consumerOf, message, run } from '../../support/inbox.ts'

const now = () => NOW
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

const linesOf = async (outcome: Outcome, share = 1) => {
  let at = NOW
  const eventLog = {
    share,
    now: () => {
      at += 25
      return at
    },
  }
  const { consumer, logged } = consumerOf((events) => events.map(() => outcome), { eventLog })
  await run(consumer, message([{ ...orderPlacedEvent(), traceparent: TRACEPARENT }], 2))
  return (logged as [string, string, object][]).filter(([, text]) => text === 'event handled')
}

describe('an event that was handled', () => {
  it.each([
    { kind: 'done' },
    { kind: 'retry', error: 'busy' },
    { kind: 'park', reason: 'bank_refused', error: 'no' },
  ] as Outcome[])('has one line with its ids, its outcome $kind and its duration', async (outcome) => {
    const { id, subject } = orderPlacedEvent()
    expect(await linesOf(outcome)).toEqual([
      [
        'info',
        'event handled',
        {
          ...{ orderId: subject, eventId: id, type: 'OrderPlaced', attempts: 2, durationMs: 25 },
          ...{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', outcome: outcome.kind },
        },
      ],
    ])
  })

  it('has no line where the share is 0', async () => {
    expect(await linesOf({ kind: 'done' }, 0)).toEqual([])
  })

  it('shows no token, no customer and no client', () => {
    const secrets = { customerId: 'cust_secret', client: 'client_secret', payment: { token: 'pm_secret' } }
    const placed = orderPlacedEvent()
    const fields = handledFields({ ...placed, client: 'client_secret', data: { ...placed.data, ...secrets } })
    expect(JSON.stringify(fields)).not.toMatch(/secret/)
  })
})

describe('the share', () => {
  const traced = (nth: number) => ({
    ...orderConfirmedEvent(),
    traceparent: `00-${nth.toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`,
  })

  it('is of traces: all events of a trace have lines, or none', () => {
    for (let nth = 1; nth <= 200; nth += 1) {
      const placed = { ...orderPlacedEvent(), traceparent: traced(nth).traceparent }
      expect(isLogged(placed, { share: 0.5, now })).toBe(isLogged(traced(nth), { share: 0.5, now }))
    }
  })

  it('is about what was asked for', () => {
    const logged = Array.from({ length: 2_000 }, (_, nth) => traced(nth + 1)).filter((event) =>
      isLogged(event, { share: 0.1, now }),
    )
    expect(logged.length).toBeGreaterThan(140)
    expect(logged.length).toBeLessThan(260)
  })
})
