import { describe, expect, it } from 'vitest'
import { isSealed, isSealedWith, openText, sealText } from '../../../src/cloudflare/sealed-text.ts'
import { type StorageKey, storageKeysOf } from '../../../src/cloudflare/storage-key.ts'
import { refusal, success } from '../../../src/kernel/result.ts'
import { fixedBytes } from '../../support/fixed-bytes.ts'

const bytes = fixedBytes('sealed text')

const [OLD, NEW] = [bytes(32).toString('hex'), bytes(32).toString('hex')]

const SEALED_FOR = { purpose: 'webhook secret', owner: 'wh_1' }
const TEXT = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'

const keys = (env: object) => storageKeysOf({ ...env })

const currentOf = (env: object): StorageKey => {
  const { current } = keys(env)
  if (current === undefined) throw new Error('there is no key')
  return current
}

const sealed = () => sealText(currentOf({ STORAGE_KEY: OLD }), SEALED_FOR, TEXT)

describe('a sealed text', () => {
  it('shows the id of its key and nothing of the text, and is another each time', async () => {
    const [one, other] = [await sealed(), await sealed()]
    expect(one).toMatch(/^sealed\.[0-9a-f]{16}\.[\w-]+=*$/)
    expect(one).not.toContain('whsec_')
    expect(one).not.toBe(other)
    expect([isSealed(one), isSealed(TEXT)]).toEqual([true, false])
    expect(await isSealedWith(currentOf({ STORAGE_KEY: OLD }), one)).toBe(true)
  })

  it('opens with the key that sealed it, also where that was replaced', async () => {
    for (const env of [{ STORAGE_KEY: OLD }, { STORAGE_KEY: OLD, STORAGE_KEY_2: NEW }]) {
      expect(await openText(keys(env), SEALED_FOR, await sealed())).toEqual(success(TEXT))
    }
  })

  it('does not open with another key, or none', async () => {
    for (const env of [{ STORAGE_KEY: NEW }, {}]) {
      expect(await openText(keys(env), SEALED_FOR, await sealed())).toEqual(refusal('unknown_key'))
    }
  })

  it.each([
    ['for another row', { ...SEALED_FOR, owner: 'wh_2' }],
    ['for another purpose', { ...SEALED_FOR, purpose: 'payment token' }],
  ])('does not open %s', async (_, sealedFor) => {
    const opened = await openText(keys({ STORAGE_KEY: OLD }), sealedFor, await sealed())
    expect(opened).toEqual(refusal('broken'))
  })

  it.each([
    ['changed', (text: string) => `${text.slice(0, -4)}${text.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`],
    ['cut off', (text: string) => text.slice(0, 30)],
    ['no base64', (text: string) => `${text}*`],
  ])('does not open once it is %s', async (_, change) => {
    const opened = await openText(keys({ STORAGE_KEY: OLD }), SEALED_FOR, change(await sealed()))
    expect(opened).toEqual(refusal('broken'))
  })
})
