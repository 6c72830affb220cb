import { expect, it } from 'vitest'
import { orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'
import { allDone, message, run } from '../../support/inbox.ts'

const EVENTS = [orderPlacedEvent(), orderConfirmedEvent()]
const TEXT = JSON.stringify(EVENTS)

it.each([
  ['a batch as text', TEXT],
  ['a batch that the queue has parsed', EVENTS],
  ['a message that an earlier release parked and an operator redrove', [TEXT]],
  ['a batch of lone texts', EVENTS.map((event) => JSON.stringify(event))],
])('reads %s', async (_, body) => {
  const { consumer, handled, parked } = allDone()
  expect(await run(consumer, message(body))).toEqual([['ack']])
  expect([handled, parked]).toEqual([[EVENTS], []])
})

it('reads a lone event as text', async () => {
  const { consumer, handled } = allDone()
  expect(await run(consumer, message(JSON.stringify(orderPlacedEvent())))).toEqual([['ack']])
  expect(handled).toEqual([[orderPlacedEvent()]])
})

it.each([
  ['no JSON', 'not JSON'],
  ['a text that broke off', TEXT.slice(0, -1)],
  ['a text that is no list and no event', '5'],
  ['an empty text', ''],
])('parks %s as it came, and handles the messages beside it', async (_, text) => {
  const { consumer, handled, parked } = allDone()
  expect(await run(consumer, message(text), message(TEXT))).toEqual([['ack'], ['ack']])
  expect(handled).toEqual([EVENTS])
  expect(parked).toMatchObject([
    { reason: 'schema_broken', error: 'The message is a text, and the text is no JSON.', event: text },
  ])
})

it('parks the one event of a text that cannot be read', async () => {
  const { consumer, handled, parked } = allDone()
  const poison = { ...orderPlacedEvent(), type: 'OrderShipped' }
  expect(await run(consumer, message(JSON.stringify([poison, orderConfirmedEvent()])))).toEqual([['ack']])
  expect(handled).toEqual([[orderConfirmedEvent()]])
  expect(parked).toMatchObject([{ reason: 'unknown_type', event: poison }])
})
