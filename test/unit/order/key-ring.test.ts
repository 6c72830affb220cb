import { afterEach, describe, expect, it, vi } from 'vitest'
import { hashApiKey } from '../../../workers/order/edge/keys/api-key.ts'
import type { ApiKey } from '../../../workers/order/edge/keys/key-list.ts'
import { createKeyRing } from '../../../workers/order/edge/keys/key-ring.ts'
import { NOW } from '../../support/builders.ts'

const SHOP: ApiKey = { id: 'shop', hash: 'h', client: 'shop', scopes: ['orders:read'] }

/** A ring over keys that can be changed, with a clock that is moved by hand. */
const setUp = (kept: ApiKey[] = [SHOP]) => {
  const clock = { now: NOW }
  const keys = new Map(kept.map((key) => [key.id, key]))
  const reads: string[] = []
  const ring = createKeyRing(() => clock.now)
  const read = async (wanted: string) => {
    reads.push(wanted)
    return keys.get(wanted)
  }
  const find = (id: string) => ring.find(id, { read, isOurs: async () => false })
  const findOurs = (id: string) => ring.find(id, { read, isOurs: async () => true })
  const findAll = async (ids: string[]) => {
    for (const id of ids) {
      clock.now += 50
      await find(id)
    }
  }
  return { clock, keys, reads, ring, find, findOurs, findAll }
}

const found = (key: ApiKey) => ({ ok: true, value: key })
const NONE = { ok: true, value: undefined }

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`)

afterEach(() => vi.restoreAllMocks())

describe('the hash of a presented key', () => {
  it('is made once, also while other keys come', async () => {
    const { ring } = setUp()
    const digest = vi.spyOn(crypto.subtle, 'digest')
    const hashes = [await ring.hash('one'), await ring.hash('two'), await ring.hash('one')]
    expect(hashes).toEqual([await hashApiKey('one'), await hashApiKey('two'), hashes[0]])
    expect(digest).toHaveBeenCalledTimes(2 + 2)
  })

  it('is forgotten after a thousand others, and is not kept for a text that is no key of ours', async () => {
    const { ring } = setUp()
    const long = 'x'.repeat(300)
    for (const key of ['one', long, ...named('other', 1_000)]) await ring.hash(key)
    const digest = vi.spyOn(crypto.subtle, 'digest')
    for (const key of ['one', long, 'other-999']) await ring.hash(key)
    expect(digest).toHaveBeenCalledTimes(2)
  })
})

describe('what was read', () => {
  it('is read once in half a minute', async () => {
    const { clock, reads, find } = setUp()
    await find('shop')
    clock.now += 29_999
    expect(await find('shop')).toEqual(found(SHOP))
    expect(reads).toEqual(['shop'])
  })

  it('G9: a key is read again after half a minute, so that a revoked one is refused within a minute', async () => {
    const { clock, keys, find } = setUp()
    await find('shop')
    keys.delete('shop')
    clock.now += 30_000
    expect(await find('shop')).toEqual(NONE)
  })

  it('is as old as when it was asked for, however long the answer took', async () => {
    const { clock, keys, ring, find } = setUp()
    const read = async () => {
      const key = keys.get('shop')
      clock.now += 20_000
      return key
    }
    const slow = ring.find('shop', { read, isOurs: async () => false })
    expect(await slow).toEqual(found(SHOP))
    keys.delete('shop')
    clock.now += 10_000
    expect(await find('shop')).toEqual(NONE)
  })

  it('that there is no such key is remembered too', async () => {
    const { reads, find } = setUp()
    expect([await find('nobody'), await find('nobody')]).toEqual([NONE, NONE])
    expect(reads).toEqual(['nobody'])
  })

  it('is read anew once it is forgotten', async () => {
    const { keys, ring, find } = setUp()
    await find('shop')
    keys.delete('shop')
    ring.forget('shop')
    expect(await find('shop')).toEqual(NONE)
  })

  it('stays unknown, not refused, where the read fails', async () => {
    const { ring, find } = setUp()
    const read = () => Promise.reject(new Error('D1_ERROR: away'))
    const away = ring.find('shop', { read, isOurs: async () => false })
    await expect(away).rejects.toThrow('away')
    expect(await find('shop')).toEqual(found(SHOP))
  })
})

describe('a flood of invented ids', () => {
  it('is read twenty times a second and no more', async () => {
    const { clock, reads, find } = setUp()
    const answers = await Promise.all(named('guess', 1_000).map(find))
    expect(reads).toHaveLength(20)
    expect(answers.filter(({ ok }) => !ok)).toHaveLength(980)
    clock.now += 1_000
    expect(await find('later')).toEqual(NONE)
  })

  it('keeps no key that was made here from being read, although it was never seen', async () => {
    const { find, findOurs } = setUp()
    await Promise.all(named('guess', 1_000).map(find))
    expect([await find('shop'), await findOurs('shop')]).toEqual([
      { ok: false, reason: 'flooded' },
      found(SHOP),
    ])
  })

  it('keeps no key that was seen before from being read again', async () => {
    const { clock, find } = setUp()
    await find('shop')
    clock.now += 30_000
    await Promise.all(named('guess', 1_000).map(find))
    expect(await find('shop')).toEqual(found(SHOP))
  })

  it('pushes no key out of the ring, and does not fill it without bound', async () => {
    const { clock, reads, find, findAll } = setUp()
    await find('shop')
    await findAll(named('guess', 10_001))
    clock.now += 1_000
    await Promise.all(named('more', 20).map(find))
    reads.length = 0
    // It would be one guess too many in this second, were it not remembered.
    expect([await find('shop'), reads]).toEqual([found(SHOP), ['shop']])
  })
})

it('holds ten thousand keys, and then lets the oldest go', async () => {
  const many = named('key', 10_001).map((id) => ({ ...SHOP, id }))
  const { reads, findOurs } = setUp(many)
  for (const { id } of many) await findOurs(id)
  reads.length = 0
  for (const id of ['key-10000', 'key-1', 'key-0']) await findOurs(id)
  expect(reads).toEqual(['key-0'])
})
