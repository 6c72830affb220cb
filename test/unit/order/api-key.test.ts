import { expect, it } from 'vitest'
import { apiKeyId, hashApiKey, newApiKey } from '../../../workers/order/keys/api-key.ts'
import { NOW } from '../../support/builders.ts'

const chance = (count: number) => crypto.getRandomValues(new Uint8Array(count))

it('is made of eo, an id that begins with the time, and a secret of forty random characters', () => {
  const { id, key } = newApiKey(NOW, (count) => new Uint8Array(count).fill(31))
  expect({ id, key }).toEqual({
    id: `01m844dzg0${'z'.repeat(16)}`,
    key: `eo_01m844dzg0${'z'.repeat(16)}_${'z'.repeat(40)}`,
  })
})

it('tells its id', () => {
  const { id, key } = newApiKey(NOW, chance)
  expect(apiKeyId(key)).toBe(id)
})

it('is never the same twice', () => {
  const keys = Array.from({ length: 1_000 }, () => newApiKey(NOW, chance).key)
  expect(new Set(keys).size).toBe(1_000)
})

const { key: whole } = newApiKey(NOW, chance)

it.each([
  '',
  'dev-admin-key',
  'eo__',
  whole.slice(0, -1),
  `${whole}0`,
  whole.toUpperCase(),
  whole.replace('eo_', 'sk_'),
  `${whole}\n`,
])('has no id where it cannot be one of ours: %j', (text) => {
  expect(apiKeyId(text)).toBeUndefined()
})

it('is kept as its SHA-256', async () => {
  expect(await hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
