import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyFaultOf } from '../../../src/kernel/key-strength.ts'

describe('a key that opens everything', () => {
  it.each([
    ['a word', 'password'],
    ['one letter', 'a'.repeat(64)],
    ['the development key with a digit', 'dev-admin-key1'],
    ['a word again and again', 'password'.repeat(8)],
    ['a word again and again, and a digit', `${'password'.repeat(4)}1`],
    ['two halves that are equal', '0123456789abcdef'.repeat(2)],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['seven characters in some order', '12345671326547172635416352471726354'],
    ['31 characters', 'k3v9x0q7w2m8z5r1t6y4u0i3o9p7a2s'],
    ['a space', 'k3v9x0q7w2m8z5r1 t6y4u0i3o9p7a2s8'],
    ['a letter beyond ASCII', 'k3v9x0q7w2m8z5r1ü6y4u0i3o9p7a2s8d'],
    ['a line end', 'k3v9x0q7w2m8z5r1t6y4u0i3o9p7a2s8\n'],
  ])('may not be %s', (_, key) => {
    expect(keyFaultOf(key)).toBeTypeOf('string')
  })

  it('says what is wrong in words that follow its name', () => {
    expect(keyFaultOf('short')).toBe('has fewer than 32 characters')
    expect(keyFaultOf('ab'.repeat(20))).toBe('has fewer than 8 different characters')
  })

  const randomBytes = (length: number) => fc.noBias(fc.uint8Array({ minLength: length, maxLength: length }))

  it('may be any that `openssl rand -hex 32` gives', () => {
    fc.assert(
      fc.property(randomBytes(32), (bytes) => keyFaultOf(Buffer.from(bytes).toString('hex')) === undefined),
      { numRuns: 20_000 },
    )
  })

  it('may be any that `openssl rand -base64 24` gives', () => {
    fc.assert(
      fc.property(
        randomBytes(24),
        (bytes) => keyFaultOf(Buffer.from(bytes).toString('base64')) === undefined,
      ),
      { numRuns: 20_000 },
    )
  })
})
