import { describe, expect, it } from 'vitest'
import { decodeAttribute } from '../../../src/contracts/binary-mode.ts'

describe('an attribute in a header', () => {
  it.each([
    ['plain', 'plain'],
    ['with space', 'with space'],
    ['', ''],
    // The example of the binding: “Euro € 😀”.
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['%65%75ro', 'euro'],
    ['50%25', '50%'],
    // One round of decoding, no more.
    ['%2541', '%41'],
    ['"quoted"', 'quoted'],
    ['"with \\"quotes\\" and \\\\"', 'with "quotes" and \\'],
    ['"quoted %E2%82%AC"', 'quoted €'],
    ['"\\%41"', 'A'],
    ['""', ''],
    ['a "b" c', 'a "b" c'],
    ['a\\b', 'a\\b'],
  ])('%s means %s', (value, meant) => {
    expect(decodeAttribute(value)).toBe(meant)
  })

  it.each([
    ['a lone percent sign', '50%'],
    ['no hex digits', '%zz'],
    ['one hex digit', '%4'],
    ['an overlong space', '%C0%A0'],
    ['bytes that are no UTF-8', '%FF%FE'],
    ['a cut character', '%E2%82'],
    ['half of a surrogate pair', '%ED%A0%80'],
    ['a quote that does not end', '"abc'],
    ['a quote that ends too soon', '"abc" def'],
    ['a quote that ends with its escape', '"abc\\"'],
    ['one quote', '"'],
    ['letters that are no ASCII', 'é'],
    ['a tab', 'a\tb'],
  ])('is refused: %s', (_, value) => {
    expect(decodeAttribute(value)).toBeUndefined()
  })
})
