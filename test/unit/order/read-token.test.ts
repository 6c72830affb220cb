import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { checkReadToken, isReadToken, issueReadToken } from '../../../workers/order/read-token.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

const SECRET = 'a secret that nobody guesses'
const LIFETIME_MS = 24 * 60 * MINUTE_MS

const token = await issueReadToken(SECRET, ORDER_ID, NOW)
const check = (changes: { token?: string; orderId?: string; now?: number } = {}, secret = SECRET) =>
  checkReadToken(secret, { token, orderId: ORDER_ID, now: NOW, ...changes })
const forged = { ok: false, reason: 'forged' }

describe('a read token', () => {
  it('opens its order for a day from when that was placed', async () => {
    expect(await check()).toEqual({ ok: true, value: null })
    expect(await check({ now: NOW + LIFETIME_MS - 1 })).toEqual({ ok: true, value: null })
    expect(await check({ now: NOW + LIFETIME_MS })).toEqual({ ok: false, reason: 'expired' })
  })

  it('is the same one for the same order, and can be told from a key', async () => {
    expect(await issueReadToken(SECRET, ORDER_ID, NOW)).toBe(token)
    expect(token).toMatch(/^rt_[0-9a-z]+\.[A-Za-z0-9_-]{43}$/)
    expect([isReadToken(token), isReadToken('eo_key')]).toEqual([true, false])
  })

  it('opens no other order, and nothing under another secret', async () => {
    expect(await check({ orderId: `${ORDER_ID}0` })).toEqual(forged)
    expect(await check({}, 'another secret')).toEqual(forged)
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
