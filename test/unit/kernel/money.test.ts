import { describe, expect, it } from 'vitest'
import { AMOUNT_MINOR_MAX, formatMinor, multiply, sum, toMajor, toMinor } from '../../../src/kernel/money.ts'

describe('toMinor', () => {
  it.each([
    [150, 'USD', 15_000],
    [150.5, 'USD', 15_050],
    [0.1, 'USD', 10],
    [0.07, 'USD', 7],
    [1.15, 'USD', 115],
    [1.005e2, 'USD', 10_050],
    [0, 'USD', 0],
    [-0, 'USD', 0],
    [-12.34, 'USD', -1_234],
    [100, 'JPY', 100],
    [1.234, 'KWD', 1_234],
    [0.001, 'KWD', 1],
    [1.2345, 'CLF', 12_345],
    [0.0001, 'CLF', 1],
    [9_999_999_999_999.99, 'USD', AMOUNT_MINOR_MAX],
    [AMOUNT_MINOR_MAX, 'JPY', AMOUNT_MINOR_MAX],
    [999_999_999_999.999, 'KWD', AMOUNT_MINOR_MAX],
    [99_999_999_999.9999, 'CLF', AMOUNT_MINOR_MAX],
  ])('reads %d %s as %d', (major, currency, minor) => {
    expect(toMinor(major, currency)).toBe(minor)
  })

  it.each([
    ['a third decimal of a currency with two', 1.005, 'USD'],
    ['a decimal of a currency without', 0.1, 'JPY'],
    ['a fourth decimal of a currency with three', 1.0001, 'KWD'],
    ['a sum of floats that is none of cents', 0.1 + 0.2, 'USD'],
    ['a sixteenth digit', 10_000_000_000_000, 'USD'],
    ['a sixteenth digit without decimals', AMOUNT_MINOR_MAX + 1, 'JPY'],
    ['an amount that prints with an exponent', 1e21, 'JPY'],
    ['a fraction that prints with an exponent', 1e-7, 'CLF'],
    ['infinity', Number.POSITIVE_INFINITY, 'USD'],
    ['no number', Number.NaN, 'USD'],
    ['an unknown currency', 1, 'XXX'],
  ])('refuses %s', (_, major, currency) => {
    expect(toMinor(major, currency)).toBeUndefined()
  })
})

describe('formatMinor', () => {
  it.each([
    [15_050, 'USD', '150.50'],
    [5, 'USD', '0.05'],
    [0, 'USD', '0.00'],
    [-1, 'USD', '-0.01'],
    [1_500, 'JPY', '1500'],
    [1, 'KWD', '0.001'],
    [12_345, 'CLF', '1.2345'],
  ])('writes %d of %s as %s', (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text)
  })

  it('throws for an unknown currency', () => {
    expect(() => formatMinor(1, 'XXX')).toThrow('currency XXX is known')
  })

  it('throws for a fraction of a cent', () => {
    expect(() => formatMinor(1.5, 'USD')).toThrow('1.5 is a whole number of minor units')
  })
})

describe('toMajor', () => {
  it.each([
    [15_050, 'USD', 150.5],
    [1_500, 'JPY', 1_500],
    [1, 'KWD', 0.001],
    [AMOUNT_MINOR_MAX, 'CLF', 99_999_999_999.9999],
  ])('writes %d of %s as %d', (minor, currency, major) => {
    expect(toMajor(minor, currency)).toBe(major)
  })
})

describe('multiply', () => {
  it('is exact', () => {
    expect(multiply(99_999_999_999, 10_000)).toBe(999_999_999_990_000)
  })

  it('refuses a product with more than fifteen digits', () => {
    expect(multiply(100_000_000_000, 10_000)).toBeUndefined()
  })

  it('refuses a product that no double can hold', () => {
    expect(multiply(AMOUNT_MINOR_MAX, 10_000)).toBeUndefined()
  })
})

describe('sum', () => {
  it('of nothing is nothing', () => {
    expect(sum([])).toBe(0)
  })

  it('reaches the largest amount', () => {
    expect(sum([AMOUNT_MINOR_MAX - 1, 1])).toBe(AMOUNT_MINOR_MAX)
  })

  it('refuses more than the largest amount', () => {
    expect(sum([AMOUNT_MINOR_MAX, 1])).toBeUndefined()
  })
})
