import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAttribute } from '../../src/contracts/binary-mode.ts'
import { readExternalOrders } from '../../src/contracts/external-order.ts'
import { timestampField } from '../../src/contracts/fields.ts'
import { decodeCursor, encodeCursor } from '../../src/contracts/paging.ts'
import { parseEvent } from '../../src/contracts/parse-event.ts'
import { canonicalJson } from '../../src/kernel/canonical-json.ts'
import { ulid } from '../../src/kernel/ids.ts'
import { fromTimestamp, MINUTE_MS, toTimestamp } from '../../src/kernel/instant.ts'
import { labelOfOrder, newOrderId, partitionLabels } from '../../src/kernel/partitions.ts'
import { readTraceparent } from '../../src/kernel/traceparent.ts'
import { orderPlacedEvent, paymentRefunded, stockRejected } from '../support/builders.ts'
import { mutantsOf } from '../support/mutated-values.ts'

const PLAIN = {
  eventType: 'OrderPlaced',
  orderId: '12345',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 150,
  timestamp: '2023-10-05T12:00:00Z',
}
const VALID: readonly object[] = [PLAIN, orderPlacedEvent(), stockRejected(), paymentRefunded()]

/** An event with one member, at any depth, replaced by an arbitrary value. */
const mutants = mutantsOf(VALID)

describe('a value from a queue', () => {
  it('is an event or is refused with a reason, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(mutants, fc.jsonValue()), (value) => {
        const parsed = parseEvent(value, 'USD')
        expect(parsed.ok || parsed.reason.detail.length > 0).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('that is read as an event is read again as the same event', () => {
    fc.assert(
      fc.property(mutants, (value) => {
        const parsed = parseEvent(value, 'USD')
        fc.pre(parsed.ok)
        const wire: unknown = JSON.parse(JSON.stringify(parsed.value))
        expect(parseEvent(wire, 'USD')).toEqual({ ok: true, value: JSON.parse(JSON.stringify(parsed.value)) })
      }),
    )
  })
})

describe('a body from outside', () => {
  it('contains external orders only, or is refused with a reason, and never throws', () => {
    const bodies = fc.oneof(mutants, fc.jsonValue(), fc.array(mutants, { maxLength: 3 }))
    fc.assert(
      fc.property(bodies, (body) => {
        const read = readExternalOrders(body, 'USD')
        const orders = read.ok ? read.value : []
        expect(orders.filter(({ value }) => !/^(?!ord_|\.{1,2}$)[\w.-]{1,64}$/.test(value.orderId))).toEqual(
          [],
        )
        expect(read.ok || read.reason.errors.every(({ message }) => message.length > 0)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a cursor', () => {
  it('is decoded to the same value, for any content', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(texts, texts, texts, (list, left, right) => {
        const cursor = { list, position: [left, right] } as const
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor)
      }),
    )
  })

  it('that a client made up is refused, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        const decoded = decodeCursor(cursor)
        expect(decoded === undefined || decoded.position.length === 2).toBe(true)
      }),
    )
  })
})

describe('a time on the wire', () => {
  const digits = (value: number, count = 2) => String(value).padStart(count, '0')
  /** Ten years on either side of 2026, so that no offset leads out of the years of four digits. */
  const instants = fc.integer({ min: Date.UTC(2016, 0), max: Date.UTC(2036, 0) })

  it('is the same moment at every offset, with any fraction, in capital letters or small ones', () => {
    const offsets = fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 })
    const written = fc.tuple(instants, offsets, fc.stringMatching(/^[0-9]{0,20}$/), fc.boolean())
    fc.assert(
      fc.property(written, ([instant, offset, more, isSmall]) => {
        const wall = toTimestamp(instant + offset * MINUTE_MS).slice(0, -1)
        const [hour, minute] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
        const text = `${wall}${more}${offset < 0 ? '-' : '+'}${digits(hour)}:${digits(minute)}`
        const time = isSmall ? text.toLowerCase() : text
        expect(timestampField.safeParse(time).success).toBe(true)
        expect(fromTimestamp(time)).toBe(instant)
      }),
    )
  })

  it('that is accepted is a moment, and is written as it is read', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((value) => digits(value))
    const times = fc
      .tuple(fc.integer({ min: 0, max: 9999 }), two(13), two(32), two(24), two(60), two(60), two(24), two(60))
      .map(([year, month, day, hour, minute, second, offsetHour, offsetMinute]) => {
        const date = `${digits(year, 4)}-${month}-${day}`
        return `${date}T${hour}:${minute}:${second}+${offsetHour}:${offsetMinute}`
      })
    fc.assert(
      fc.property(times, (time) => {
        fc.pre(timestampField.safeParse(time).success)
        const written = toTimestamp(fromTimestamp(time))
        expect(written).toMatch(/^\d{4}-.*Z$/)
        expect(fromTimestamp(written)).toBe(fromTimestamp(time))
      }),
    )
  })

  it('is UTC with milliseconds in every event, in any notation', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const time = toTimestamp(instant).replace('Z', '000-00:00')
        const parsed = parseEvent({ ...orderPlacedEvent(), time }, 'USD')
        expect(parsed).toMatchObject({ ok: true, value: { time: toTimestamp(instant) } })
      }),
    )
  })
})

describe('an attribute in a header', () => {
  it('is decoded to the same text, with any part of it encoded or quoted', () => {
    const encodings = [
      encodeURIComponent,
      (text: string) => `"${encodeURIComponent(text)}"`,
      (text: string) =>
        Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(
          '',
        ),
    ]
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...encodings), (text, encode) => {
        fc.pre(text.isWellFormed())
        expect(decodeAttribute(encode(text))).toBe(text)
      }),
    )
  })

  it('is text or is refused, and never throws', () => {
    const values = fc.string({ unit: fc.constantFrom(...'%"\\ aC0éF8E2'.split('')) })
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeAttribute(value)?.isWellFormed() ?? true).toBe(true)
      }),
    )
  })
})

describe('a traceparent', () => {
  const hex = (count: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${count}}$`))
  const isZero = (text: string) => /^0+$/.test(text)

  it('is read exactly where its four fields are valid, and a written one is read as the same trace', () => {
    const fields = fc.tuple(
      fc.oneof(hex(2), fc.constantFrom('00', 'ff', '01')),
      fc.oneof(hex(32), fc.constant('0'.repeat(32))),
      fc.oneof(hex(16), fc.constant('0'.repeat(16))),
      hex(2),
      fc.constantFrom('', '-x'),
    )
    fc.assert(
      fc.property(fields, ([version, traceId, parentId, flags, more]) => {
        const isGood =
          version !== 'ff' && !isZero(traceId) && !isZero(parentId) && (version !== '00' || more === '')
        const read = readTraceparent(`${version}-${traceId}-${parentId}-${flags}${more}`)
        expect(read?.traceId).toBe(isGood ? traceId : undefined)
        if (read !== undefined) expect(readTraceparent(read.traceparent)).toEqual(read)
      }),
    )
  })
})

describe('canonical JSON', () => {
  it('is the same text for the same value, in any order of its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
      }),
    )
  })

  it('loses nothing of the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

describe('an order id', () => {
  const counts = fc.integer({ min: 1, max: 1_024 })

  it('of this system is found where it was placed, after any growth of the deployment', () => {
    fc.assert(
      fc.property(counts, counts, fc.nat(), (count, more, chance) => {
        const labels = partitionLabels([count])
        const label = labels[chance % count] ?? ''
        const id = newOrderId(
          label,
          ulid(chance, (bytes) => new Uint8Array(bytes).fill(chance)),
        )
        expect(labelOfOrder(id, [count, count + more])).toBe(label)
      }),
    )
  })

  it('with any text lies in a partition that exists or in none', () => {
    fc.assert(
      fc.property(counts, fc.oneof(fc.string(), fc.stringMatching(/^[\w.-]{1,66}$/)), (count, id) => {
        const label = labelOfOrder(id, [count])
        expect(label === undefined || partitionLabels([count]).includes(label)).toBe(true)
      }),
    )
  })
})
