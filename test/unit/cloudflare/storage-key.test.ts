import { describe, expect, it } from 'vitest'
import { type StorageKey, storageKeysOf, storageKeyWarnings } from '../../../src/cloudflare/storage-key.ts'
import { fixedBytes } from '../../support/fixed-bytes.ts'

const bytes = fixedBytes('storage key')

const hexKey = () => bytes(32).toString('hex')

const PLACE = { config: 'workers/payment/wrangler.toml', consequence: 'tokens are kept in plain text' }

const currentOf = (env: object): StorageKey => {
  const { current } = storageKeysOf(env)
  if (current === undefined) throw new Error('no key')
  return current
}

const sign = async (key: CryptoKey) =>
  Buffer.from(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode('text'))).toString('hex')

describe('a key', () => {
  it.each([
    hexKey(),
    hexKey().toUpperCase(),
    bytes(32).toString('base64'),
    bytes(32).toString('base64url'),
    bytes(48).toString('hex'),
  ])('is 32 random bytes as text: %s', (secret) => {
    expect(storageKeysOf({ STORAGE_KEY: secret })).toMatchObject({ all: [{}], faults: [] })
  })

  it.each([
    'password',
    bytes(31).toString('hex'),
    bytes(24).toString('base64'),
    'a'.repeat(64),
    'deadbeef'.repeat(8),
    `${hexKey().slice(0, 32)} ${hexKey().slice(0, 31)}`,
  ])('is not used where it is something else: %s', (secret) => {
    const env = { STORAGE_KEY: secret }
    expect(storageKeysOf(env)).toMatchObject({ current: undefined, all: [] })
    expect(storageKeyWarnings(env, PLACE)).toEqual([
      'STORAGE_KEY is not used: it must be 32 random bytes as text, such as `openssl rand -hex 32` prints',
    ])
  })

  it('gives a key for each purpose, the same in every isolate, and another than any other secret gives', async () => {
    const [one, other] = [hexKey(), hexKey()]
    const [first, again, stranger] = [one, one, other].map((secret) => currentOf({ STORAGE_KEY: secret }))
    const of = async (key = first, purpose = 'a') => await sign(await Object(key).deriveKey('HMAC', purpose))
    expect(await of(again)).toBe(await of(first))
    expect(new Set([await of(first), await of(first, 'b'), await of(stranger)]).size).toBe(3)
    expect(await again?.id()).toBe(await first?.id())
    expect(await stranger?.id()).not.toBe(await first?.id())
  })

  it('is named by an id that contains nothing of it', async () => {
    const secret = hexKey()
    const id = await currentOf({ STORAGE_KEY: secret }).id()
    expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(secret).not.toContain(id)
  })

  it('is derived once for a purpose', async () => {
    const key = currentOf({ STORAGE_KEY: hexKey() })
    expect(await key.deriveKey('AES-GCM', 'a')).toBe(await key.deriveKey('AES-GCM', 'a'))
  })
})

describe('a replaced key', () => {
  it('still opens, and the newest makes', async () => {
    const [old, middle, newest] = [hexKey(), hexKey(), hexKey()]
    const env = { STORAGE_KEY: old, STORAGE_KEY_10: newest, STORAGE_KEY_2: middle }
    const expected = [newest, middle, old].map((secret) => currentOf({ STORAGE_KEY: secret }).id())
    expect(await Promise.all(storageKeysOf(env).all.map((key) => key.id()))).toEqual(
      await Promise.all(expected),
    )
    expect(await currentOf(env).id()).toBe(await expected[0])
  })

  it('that is faulty is named, and the one before goes on making', async () => {
    const env = { STORAGE_KEY: hexKey(), STORAGE_KEY_2: 'short' }
    expect(await currentOf(env).id()).toBe(await currentOf({ STORAGE_KEY: env.STORAGE_KEY }).id())
    expect(storageKeyWarnings(env, PLACE)).toEqual([expect.stringContaining('STORAGE_KEY_2 is not used')])
  })

  it.each(['STORAGE_KEY_1', 'STORAGE_KEY_02', 'STORAGE_KEY_100', 'OLD_STORAGE_KEY'])(
    'is not looked for under %s',
    (name) => {
      expect(storageKeysOf({ [name]: hexKey() }).current).toBeUndefined()
    },
  )
})

it.each([{}, { STORAGE_KEY: '' }])('says what a Worker without one does, and how to set it: %o', (env) => {
  expect(storageKeyWarnings(env, PLACE)).toEqual([
    'STORAGE_KEY is not set, so tokens are kept in plain text: `npm run deploy` makes it where there is none; by hand: `openssl rand -hex 32 | npx wrangler secret put STORAGE_KEY -c workers/payment/wrangler.toml`; locally `npm start` puts it into .dev.vars beside workers/payment/wrangler.toml.',
  ])
})
