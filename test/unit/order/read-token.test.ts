import { createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { createReadTokens, isReadToken, readTokenKeysOf } from '../../../workers/order/edge/read-token.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

const LIFETIME_MS = 24 * 60 * MINUTE_MS
const BOOTSTRAP_KEY = 'password'
const STORAGE_KEY = 'b1946ac92492d2347c6235b4d2611184f0e9d8c7b6a594837261504f3e2d1c0b'
const NEWER_KEY = '5f3e2d1c0bb1946ac92492d2347c6235b4d2611184f0e9d8c7b6a59483726150'

const tokensOf = (env: Record<string, string> = { STORAGE_KEY }, ...readTokenKeys: string[]) =>
  createReadTokens(readTokenKeysOf(env, { readTokenKeys, bootstrapKey: BOOTSTRAP_KEY }))

const issued = async (tokens = tokensOf()) => {
  const token = await tokens.issue(ORDER_ID, NOW)
  if (token === undefined) throw new Error('no token was made')
  return token
}

const token = await issued()
const check = (changes: { token?: string; orderId?: string; now?: number } = {}, tokens = tokensOf()) =>
  tokens.check({ token, orderId: ORDER_ID, now: NOW, ...changes })
const good = { ok: true, value: null }
const forged = { ok: false, reason: 'forged' }

/** A token as who guesses the secret makes one, and as older code made it from the bootstrap key. */
const sealedWith = (secret: string, expiresAt = (NOW + LIFETIME_MS).toString(36)) => {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'edge-orders read token 1', 32))
  const seal = createHmac('sha256', key).update(`${ORDER_ID}.${expiresAt}`).digest('base64url')
  return `rt_${expiresAt}.${seal}`
}

describe('a read token', () => {
  it('opens its order for a day from when that was placed', async () => {
    expect(await check()).toEqual(good)
    expect(await check({ now: NOW + LIFETIME_MS - 1 })).toEqual(good)
    expect(await check({ now: NOW + LIFETIME_MS })).toEqual({ ok: false, reason: 'expired' })
  })

  it('is the same one for the same order, and differs from a key', async () => {
    expect(await issued()).toBe(token)
    expect(token).toMatch(/^rt_[0-9a-z]+\.[A-Za-z0-9_-]{43}$/)
    expect([isReadToken(token), isReadToken('eo_key')]).toEqual([true, false])
  })

  it('opens no other order, and nothing under another secret', async () => {
    expect(await check({ orderId: `${ORDER_ID}0` })).toEqual(forged)
    expect(await check({}, tokensOf({ STORAGE_KEY: NEWER_KEY }))).toEqual(forged)
  })

  it('cannot be made to last longer', async () => {
    const [, seal] = token.split('.')
    const longer = `rt_${(NOW + 2 * LIFETIME_MS).toString(36)}.${seal}`
    expect(await check({ token: longer })).toEqual(forged)
  })

  it.each(['', 'rt_', 'rt_.', `${token}=`, token.slice(0, -1), `x${token}`, 'rt_0.!'])(
    'is not %j',
    async (given) => {
      expect(await check({ token: given })).toEqual(forged)
    },
  )
})

describe('the key that seals read tokens', () => {
  it('is none that a guess of the bootstrap key could be held against', async () => {
    expect(await issued()).not.toBe(sealedWith(BOOTSTRAP_KEY))
  })

  it('is the one set for them, where one is set: what another sealed is void', async () => {
    const own = tokensOf({ STORAGE_KEY }, 'a key of its own, of 32 characters')
    expect(await issued(own)).toBe(sealedWith('a key of its own, of 32 characters'))
    expect(await check({}, own)).toEqual(forged)
    expect(await check({ token: sealedWith(BOOTSTRAP_KEY) }, own)).toEqual(forged)
  })

  it('may be replaced: what the older one sealed stays good', async () => {
    const replaced = tokensOf({ STORAGE_KEY, STORAGE_KEY_2: NEWER_KEY })
    expect(await issued(replaced)).not.toBe(token)
    expect(await check({}, replaced)).toEqual(good)
    expect(await check({ token: await issued(replaced) }, replaced)).toEqual(good)
  })

  it('may be a second one of their own: the newer seals, both open, and without the older its tokens are void', async () => {
    const [older, newer] = [
      'an older key of 32 characters, and more',
      'a newer key of 32 characters, and more',
    ]
    const both = tokensOf({}, newer, older)
    expect(await issued(both)).toBe(sealedWith(newer))
    expect(await check({ token: sealedWith(older) }, both)).toEqual(good)
    expect(await check({ token: sealedWith(older) }, tokensOf({}, newer))).toEqual(forged)
  })

  it('is none where no secret is random: then no token is made', async () => {
    expect(await tokensOf({}).issue(ORDER_ID, NOW)).toBeUndefined()
  })

  it.each([
    ['with a storage key', { STORAGE_KEY }],
    ['without one', {}],
  ])('was derived from the bootstrap key by older code, whose tokens stay good: %s', async (_, env) => {
    const older = { token: sealedWith(BOOTSTRAP_KEY) }
    expect(await check(older, tokensOf(env))).toEqual(good)
    expect(await check({ ...older, now: NOW + LIFETIME_MS }, tokensOf(env))).toEqual({
      ok: false,
      reason: 'expired',
    })
  })
})
