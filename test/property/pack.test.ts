import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DomainEvent } from '../../src/contracts/events.ts'
import { createSerialiser, pack } from '../../src/messaging/pack.ts'
import { factNoted } from '../support/builders.ts'

/** The limits of Cloudflare Queues: a message of 128 000 bytes, and 256 000 bytes and 100 messages in one send. */
const MESSAGE_BYTES = 128_000
const SEND_BYTES = 256_000
const SEND_MESSAGES = 100

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Events from a few hundred bytes to nearly a whole message, of letters of one to three bytes. */
const events: fc.Arbitrary<DomainEvent> = fc
  .record({
    letter: fc.constantFrom('x', 'ü', '€', '"', '\n'),
    length: fc.oneof({ weight: 8, arbitrary: fc.nat(500) }, { weight: 1, arbitrary: fc.nat(30_000) }),
    name: fc.stringMatching(/^[a-z]{1,8}$/),
  })
  .map(({ letter, length, name }) => factNoted(name, ['id', letter.repeat(length)]))

/** The events in each message of each send, as their consumers read them. */
const packed = (all: readonly DomainEvent[]): DomainEvent[][][] =>
  pack(all.map(createSerialiser())).map((send) => send.map((text) => JSON.parse(text)))

const batches = fc.array(events, { maxLength: 200, size: 'max' })
const property = (check: (all: DomainEvent[]) => void) =>
  fc.assert(fc.property(batches, check), { numRuns: 40 })

it('loses nothing, repeats nothing and reorders nothing', () => {
  property((all) => {
    expect(packed(all).flat(2)).toEqual(all)
  })
})

it('makes messages and sends that the platform takes', () => {
  property((all) => {
    for (const send of packed(all)) {
      expect(send.length).toBeLessThanOrEqual(SEND_MESSAGES)
      expect(send.reduce((total, message) => total + bytesOf(message), 0)).toBeLessThanOrEqual(SEND_BYTES)
      expect(Math.max(...send.map(bytesOf))).toBeLessThanOrEqual(MESSAGE_BYTES)
    }
  })
})

it('sends no empty message', () => {
  property((all) => {
    expect(
      packed(all).filter((send) => send.length === 0 || send.some(({ length }) => length === 0)),
    ).toEqual([])
  })
})

it('fills messages: two neighbours never fit into one', () => {
  property((all) => {
    const sizes = packed(all).flat().map(bytesOf)
    const neighbours = sizes.slice(1).map((size, index) => size + (sizes[index] ?? 0))
    expect(Math.min(Number.POSITIVE_INFINITY, ...neighbours)).toBeGreaterThan(100_000)
  })
})
