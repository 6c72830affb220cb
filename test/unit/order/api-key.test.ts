import { describe, expect, it } from 'vitest'
import { apiKeyId, hashApiKey, newApiKey } from '../../../workers/order/edge/keys/api-key.ts'
import { keyMarkOf } from '../../../workers/order/edge/keys/key-mark.ts'
import { NOW } from '../../support/builders.ts'

const chance = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const STORAGE_KEY = 'b1946ac92492d2347c6235b4d2611184f0e9d8c7b6a594837261504f3e2d1c0b'
const NEWER_KEY = '5f3e2d1c0bb1946ac92492d2347c6235b4d2611184f0e9d8c7b6a59483726150'
const mark = keyMarkOf({ STORAGE_KEY })
const unmarked = keyMarkOf({})

it('is made of eo, an id that begins with the time, and a secret of forty characters', async () => {
  const made = await newApiKey(NOW, (count) => new Uint8Array(count).fill(31), unmarked)
  expect(made).toEqual({
    id: `01m844dzg0${'z'.repeat(16)}`,
    key: `eo_01m844dzg0${'z'.repeat(16)}_${'z'.repeat(40)}`,
    isMarked: false,
  })
})

it('tells its id', async () => {
  const { id, key } = await newApiKey(NOW, chance, mark)
  expect(apiKeyId(key)).toBe(id)
})

it('is never the same twice', async () => {
  const made = await Promise.all(Array.from({ length: 1_000 }, () => newApiKey(NOW, chance, mark)))
  expect(new Set(made.map(({ key }) => key)).size).toBe(1_000)
})

describe('its mark', () => {
  it('tells it from an invented one', async () => {
    const { key, isMarked } = await newApiKey(NOW, chance, mark)
    const invented = await newApiKey(NOW, chance, unmarked)
    expect(isMarked).toBe(true)
    expect([await mark.isOn(key), await mark.isOn(invented.key)]).toEqual([true, false])
  })

  it('covers every digit of the key', async () => {
    const { key } = await newApiKey(NOW, chance, mark)
    for (let place = 3; place < key.length; place += 1) {
      if (key[place] === '_') continue
      const other = key.slice(0, place) + (key[place] === '0' ? '1' : '0') + key.slice(place + 1)
      expect(await mark.isOn(other)).toBe(false)
    }
  })

  it('stays good when the secret is replaced, and is none of another deployment', async () => {
    const { key } = await newApiKey(NOW, chance, mark)
    const replaced = keyMarkOf({ STORAGE_KEY, STORAGE_KEY_2: NEWER_KEY })
    expect([await replaced.isOn(key), await keyMarkOf({ STORAGE_KEY: NEWER_KEY }).isOn(key)]).toEqual([
      true,
      false,
    ])
  })
})

const { key: whole } = await newApiKey(NOW, chance, mark)

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
