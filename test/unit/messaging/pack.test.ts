import { expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import { createSerialiser, pack } from '../../../src/messaging/pack.ts'
import { factNoted } from '../../support/builders.ts'

/** What the platform takes: bytes of a message and of one `sendBatch`. */
const PLATFORM = { messageBytes: 128_000, sendBytes: 256_000 }

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
/** An event of about so many bytes, filled with a letter. */
const eventOf = (bytes: number, name = 'x', letter = 'x'): DomainEvent => {
  const missing = bytes - bytesOf(factNoted(name, ['id', '']))
  return factNoted(name, ['id', letter.repeat(Math.ceil(missing / Buffer.byteLength(letter)))])
}
const many = (count: number, bytes: number): DomainEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf(bytes, `event-${index}`))

/** The events in each message of each send, as their consumers read them. */
const packed = (events: readonly DomainEvent[]): DomainEvent[][][] =>
  pack(events.map(createSerialiser())).map((send) => send.map((text) => JSON.parse(text)))

it('sends nothing where there is nothing', () => {
  expect(packed([])).toEqual([])
})

it('puts one event into a message of one', () => {
  const event = eventOf(500)
  expect(packed([event])).toEqual([[[event]]])
})

it('puts what fits into one message', () => {
  const events = many(100, 1_000)
  expect(packed(events)).toEqual([[events]])
})

it('begins another message before one is too large', () => {
  const messages = packed(many(200, 1_000)).flat()
  expect(messages.map((message) => message.length)).toEqual([119, 81])
  expect(messages.filter((message) => bytesOf(message) > PLATFORM.messageBytes)).toEqual([])
})

it('begins another send before one is too large', () => {
  const sends = packed(many(600, 1_000))
  expect(sends.map((send) => send.length)).toEqual([2, 2, 2])
  expect(sends.filter((send) => bytesOf(send) > PLATFORM.sendBytes)).toEqual([])
})

it('counts bytes, not letters', () => {
  const events = Array.from({ length: 10 }, (_, index) => eventOf(60_000, `event-${index}`, '€'))
  expect(packed(events).map((send) => send.length)).toEqual([4, 4, 2])
})

it('sends an event that is larger than a message alone, so that it stops no other', () => {
  const events = [eventOf(500, 'first'), eventOf(130_000, 'large'), eventOf(500, 'last')]
  expect(packed(events).flat()).toEqual(events.map((event) => [event]))
})

it('loses and reorders nothing', () => {
  const events = many(1_000, 1_500)
  expect(packed(events).flat(2)).toEqual(events)
})

it('sends the text that it has weighed', () => {
  const texts = many(3, 500).map(createSerialiser())
  expect(pack(texts)).toEqual([[`[${texts.join(',')}]`]])
})

it('serialises an event for several inboxes once', () => {
  let times = 0
  const event = {
    ...eventOf(500),
    toJSON: () => {
      times += 1
      return {}
    },
  }
  const serialise = createSerialiser()
  expect([serialise(event), serialise(event), times]).toEqual(['{}', '{}', 1])
})
