import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timestampField } from '../../src/contracts/fields.ts'
import { readForeignOrders } from '../../src/contracts/foreign-order.ts'
import { decodeCursor, encodeCursor } from '../../src/contracts/paging.ts'
import { parseEvent } from '../../src/contracts/parse-event.ts'
import { canonicalJson } from '../../src/kernel/canonical-json.ts'
import { ulid } from '../../src/kernel/ids.ts'
import { fromTimestamp, toTimestamp } from '../../src/kernel/instant.ts'
import { labelOfOrder, newOrderId, partitionLabels } from '../../src/kernel/partitions.ts'
import { orderPlacedEvent, paymentRefunded, stockRejected } from '../support/builders.ts'

const PLAIN = {
  eventType: 'OrderPlaced',
  orderId: '12345',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 150,
  timestamp: '2023-10-05T12:00:00Z',
}
const VALID: readonly object[] = [PLAIN, orderPlacedEvent(), stockRejected(), paymentRefunded()]

/** An event with one member, at any depth, replaced by anything. */
const mutants = fc
  .tuple(fc.constantFrom(...VALID), fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
  .map(([event, where, value]) => {
    const mutant = structuredClone(event)
    const members = membersOf(mutant)
    const [holder, key] = members[where % members.length] ?? [{}, '']
    Object.assign(holder, { [key]: value })
    return mutant
  })

const membersOf = (value: unknown): [object, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => [
        [value, key] as [object, string],
        ...membersOf(member),
      ])
    : []

describe('whatever comes over a queue', () => {
  it('is an event or is refused with a reason, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(mutants, fc.jsonValue()), (value) => {
        const parsed = parseEvent(value, 'USD')
        expect(parsed.ok || parsed.reason.detail.length > 0).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('and is read as an event is read again as the same event', () => {
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

describe('whatever comes from outside', () => {
  it('tells of orders that are none of ours, or is refused with a reason, and never throws', () => {
    const bodies = fc.oneof(mutants, fc.jsonValue(), fc.array(mutants, { maxLength: 3 }))
    fc.assert(
      fc.property(bodies, (body) => {
        const read = readForeignOrders(body, 'USD')
        const orders = read.ok ? read.value : []
        expect(orders.filter(({ value }) => !/^(?!ord_)[\w.-]{1,64}$/.test(value.orderId))).toEqual([])
        expect(read.ok || read.reason.errors.every(({ message }) => message.length > 0)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a cursor', () => {
  it('comes back as it went, whatever is in it', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(texts, texts, texts, (list, left, right) => {
        const cursor = { list, position: [left, right] } as const
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor)
      }),
    )
  })

  it('that callers make up is refused, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        const decoded = decodeCursor(cursor)
        expect(decoded === undefined || decoded.position.length === 2).toBe(true)
      }),
    )
  })
})

describe('a time on the wire', () => {
  it('that is taken is a moment', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'))
    const times = fc
      .tuple(fc.integer({ min: 0, max: 9999 }), two(13), two(32), two(24), two(60), two(60), two(24), two(60))
      .map(([year, month, day, hour, minute, second, offsetHour, offsetMinute]) => {
        const date = `${String(year).padStart(4, '0')}-${month}-${day}`
        return `${date}T${hour}:${minute}:${second}+${offsetHour}:${offsetMinute}`
      })
    fc.assert(
      fc.property(times, (time) => {
        fc.pre(timestampField.safeParse(time).success)
        expect(toTimestamp(fromTimestamp(time))).toMatch(/Z$/)
      }),
    )
  })
})

describe('canonical JSON', () => {
  it('is the same text for the same value, whatever the order of its keys', () => {
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

  it('of ours is found where it was placed, however much the deployment grows', () => {
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

  it('whatever it is, lies in a partition that exists or in none', () => {
    fc.assert(
      fc.property(counts, fc.oneof(fc.string(), fc.stringMatching(/^[\w.-]{1,66}$/)), (count, id) => {
        const label = labelOfOrder(id, [count])
        expect(label === undefined || partitionLabels([count]).includes(label)).toBe(true)
      }),
    )
  })
})
