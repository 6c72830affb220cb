import { expect, it } from 'vitest'
import { CURRENCY_DECIMALS, isCurrency } from '../../../src/kernel/currencies.ts'

const codesWith = (decimals: number): string[] =>
  [...CURRENCY_DECIMALS].filter(([, each]) => each === decimals).map(([code]) => code)

it('counts no decimals for these currencies alone', () => {
  const codes = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
  expect(codesWith(0).join(' ')).toBe(codes)
})

it('counts three decimals for these currencies alone', () => {
  expect(codesWith(3).join(' ')).toBe('BHD IQD JOD KWD LYD OMR TND')
})

it('counts four decimals for these units of account alone', () => {
  expect(codesWith(4).join(' ')).toBe('CLF UYW')
})

it('counts two decimals for every other currency', () => {
  const others = [...CURRENCY_DECIMALS].filter(([, decimals]) => ![0, 3, 4].includes(decimals))
  expect(others.filter(([, decimals]) => decimals !== 2)).toEqual([])
  expect(others.length).toBeGreaterThan(120)
})

it('writes every code as three capital letters', () => {
  expect([...CURRENCY_DECIMALS.keys()].filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([])
})

it.each(['USD', 'EUR', 'JPY', 'KWD', 'CLF', 'XCG', 'ZWG'])('knows %s', (code) => {
  expect(isCurrency(code)).toBe(true)
})

it.each(['', 'usd', 'US', 'USDX', 'XXX', 'XTS', 'XAU', 'HRK', 'DEM', 'constructor'])(
  'does not know "%s"',
  (code) => {
    expect(isCurrency(code)).toBe(false)
  },
)
