import { describe, expect, it } from 'vitest'
import { bankSpan, handledSpans } from '../../../src/messaging/spans.ts'
import { NOW, orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'

const TIMES = { startedAt: NOW, endedAt: NOW + 40 }
const traceparent = (digit: string, flags = '01') => `00-${digit.repeat(32)}-00f067aa0ba902b7-${flags}`
const traced = (digit: string, flags?: string) => ({
  ...orderPlacedEvent(),
  traceparent: traceparent(digit, flags),
})

describe('the span of an event that was handled', () => {
  it('lies below the request, where the event is a placement', () => {
    expect(handledSpans('inventory', [traced('a')], TIMES)).toMatchObject([
      {
        traceId: 'a'.repeat(32),
        parentSpanId: '00f067aa0ba902b7',
        name: 'process OrderPlaced',
        startTimeUnixNano: `${NOW}000000`,
        endTimeUnixNano: `${NOW + 40}000000`,
      },
    ])
  })

  it('lies below the span in which its publisher handled the cause', () => {
    const cause = { ...traced('a'), id: 'ord_1/PaymentAuthorized' }
    const [causing] = handledSpans('order', [cause], TIMES)
    const effect = { ...orderConfirmedEvent(), traceparent: traceparent('a'), causationid: cause.id }
    const [span] = handledSpans('payment', [effect], TIMES)
    expect(span?.parentSpanId).toBe(causing?.spanId)
    expect(span?.spanId).not.toBe(causing?.spanId)
  })

  it('is the same span for a repeated event, and another one at each consumer', () => {
    const ids = ['inventory', 'inventory', 'payment'].map(
      (consumer) => handledSpans(consumer, [traced('a')], TIMES)[0]?.spanId,
    )
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('is linked to the first of its batch', () => {
    const [first, second] = handledSpans('order', [traced('a'), traced('b')], TIMES)
    expect(first?.links).toBeUndefined()
    expect(second?.links).toEqual([{ traceId: first?.traceId, spanId: first?.spanId }])
  })

  it.each([
    ['whose caller does not want it recorded', traced('a', '00')],
    ['without a trace', orderPlacedEvent()],
  ])('is not made for an event %s', (_, event) => {
    expect(handledSpans('order', [event], TIMES)).toEqual([])
    expect(bankSpan(event, 'capture', 'succeeded', TIMES)).toEqual([])
  })
})

it('the span of a call of the bank lies below the event that made it necessary', () => {
  const event = traced('a')
  const [handled] = handledSpans('payment', [event], TIMES)
  expect(bankSpan(event, 'authorize', 'unknown', TIMES)).toMatchObject([
    { parentSpanId: handled?.spanId, name: 'bank authorize' },
  ])
})
