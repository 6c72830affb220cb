import { expect, it } from 'vitest'
import { digitsOf, type RandomBytes, ulid } from '../../../src/kernel/ids.ts'

const filledWith =
  (byte: number): RandomBytes =>
  (count) =>
    new Uint8Array(count).fill(byte)

it('begins with the time as the specification writes it', () => {
  expect(ulid(1_469_918_176_385, filledWith(0))).toBe('01aryz6s410000000000000000')
})

it('ends with sixteen digits of chance', () => {
  expect(ulid(0, (count) => Uint8Array.from({ length: count }, (_, index) => index + 240))).toBe(
    '0000000000ghjkmnpqrstvwxyz',
  )
})

it('sorts by time, whatever the chance', () => {
  const times = [0, 31, 32, 1_023, 1_024, 1_469_918_176_385, 2 ** 48 - 1]
  const ids = times.map((time, index) => ulid(time, filledWith(index % 2 === 0 ? 255 : 0)))
  expect(ids.toSorted()).toEqual(ids)
})

it('has no letter that is read as another', () => {
  const ids = Array.from({ length: 256 }, (_, byte) => ulid(byte * 7_919_999_999, filledWith(byte)))
  expect(ids.filter((id) => !/^[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toEqual([])
})

it('uses the bytes of chance that it asked for', () => {
  const asked: number[] = []
  ulid(0, (count) => {
    asked.push(count)
    return new Uint8Array(count)
  })
  expect(asked).toEqual([16])
})

it('writes bytes as digits of five bits, the first bits first', () => {
  expect(digitsOf(Uint8Array.of(0b00001_000, 0b10_11111_0, 0b0000_0000), 4)).toBe('12z0')
})
