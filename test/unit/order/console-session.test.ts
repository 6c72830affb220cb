import { expect, it } from 'vitest'
import { openSession, SESSION_SECONDS, sealSession } from '../../../workers/order/edge/console/session.ts'

const ENV = { STORAGE_KEY: '8f14e45fceea167a5a36dedd4bea2543a87ff679a2f3e71d9181a67b7542122c' }
const OTHER = { STORAGE_KEY: 'c81e728d9d4c2f636f067f89cc14862ceccbc87e4b5ce2fe28308fd9f2a7baf3' }
const KEY = { keyId: 'key_1', hash: 'ab'.repeat(32) }
const NOW = 1_800_000_000_000

const sealed = async (): Promise<string> => {
  const text = await sealSession(ENV, KEY, NOW)
  if (!text.ok) throw new Error(text.reason)
  return text.value
}

it('a session lasts for eight hours', async () => {
  const end = NOW + SESSION_SECONDS * 1_000
  expect(SESSION_SECONDS).toBe(8 * 3_600)
  expect(await openSession(ENV, await sealed(), end - 1)).toEqual({ ...KEY, expiresAt: end })
  expect(await openSession(ENV, await sealed(), end)).toBeUndefined()
})

it('a session does not open under another key, or when it was changed', async () => {
  const text = await sealed()
  expect(await openSession(OTHER, text, NOW)).toBeUndefined()
  expect(await openSession(ENV, `${text.slice(0, -6)}AAAAAA`, NOW)).toBeUndefined()
})

it('without a key to seal with there is no session', async () => {
  expect(await sealSession({}, KEY, NOW)).toEqual({ ok: false, reason: 'no_storage_key' })
})
