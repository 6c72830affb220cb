import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../../support/property-seed.ts'
import { fromTimestamp, parseTimestamp, toTimestamp } from '../../../src/kernel/instant.ts'

describe('a time of RFC 3339', () => {
  it.each([
    ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00.000Z'],
    ['2026-11-23t12:00:00z', '2026-11-23T12:00:00.000Z'],
    ['2026-11-23T12:00:00.5Z', '2026-11-23T12:00:00.500Z'],
    ['2026-11-23T12:00:00.123456789012345678901234567890Z', '2026-11-23T12:00:00.123Z'],
    ['2026-11-23T12:00:00.9999999Z', '2026-11-23T12:00:00.999Z'],
    ['2026-11-23T12:00:00+00:00', '2026-11-23T12:00:00.000Z'],
    ['2026-11-23T12:00:00-00:00', '2026-11-23T12:00:00.000Z'],
    ['2026-11-23T12:00:00+05:30', '2026-11-23T06:30:00.000Z'],
    ['2026-11-23T12:00:00-23:59', '2026-11-24T11:59:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
    // RFC 3339, 5.8: the leap second at the end of 1990, in UTC and in California.
    ['1990-12-31T23:59:60Z', '1991-01-01T00:00:00.000Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00.000Z'],
    ['1998-12-31T23:59:60.25Z', '1999-01-01T00:00:00.250Z'],
  ])('is a moment: %s', (text, moment) => {
    expect(toTimestamp(fromTimestamp(text))).toBe(moment)
  })

  it.each([
    '',
    'yesterday',
    '2026-11-23',
    '2026-11-23T12:00Z',
    '2026-11-23T12:00:00',
    '2026-11-23 12:00:00Z',
    '2026-11-23T12:00:00.Z',
    '2026-11-23T12:00:00,5Z',
    '2026-11-23T12:00:00+0100',
    '2026-11-23T12:00:00+24:00',
    '2026-11-23T12:00:00+01:60',
    '2026-11-23T24:00:00Z',
    '2026-11-23T12:60:00Z',
    '2026-11-23T12:00:61Z',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '+002026-11-23T12:00:00Z',
    ' 2026-11-23T12:00:00Z',
    '2026-11-23T12:00:00Z\n',
    // A leap second is the last of a month in UTC.
    '2026-11-23T23:59:60Z',
    '1998-12-31T23:58:60Z',
    '1998-12-31T22:59:60Z',
    '1998-12-31T23:59:60+01:00',
    // In UTC these lie outside of the four digits that a year has.
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
  ])('is not "%s"', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })
})

describe('a moment', () => {
  it('is written as `Date` writes it, whatever was written before', () => {
    const anyYear = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 })
    const sameDay = fc.integer({ min: 1_790_000_000_000, max: 1_790_086_400_000 })
    fc.assert(
      fc.property(fc.oneof(anyYear, sameDay), (instant) => {
        expect(toTimestamp(instant)).toBe(new Date(instant).toISOString())
      }),
    )
    for (const instant of [-1, 0, 999, 59_999, 60_000]) {
      expect(toTimestamp(instant)).toBe(new Date(instant).toISOString())
    }
  })

  it('that is none cannot be written', () => {
    expect(() => toTimestamp(Number.NaN)).toThrow(RangeError)
  })
})
