import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { KEYS_TABLE, OLD_KEYS_TABLE, recall, remember } from '../../../src/messaging/idempotency.ts'
import { createKeyExpiry } from '../../../src/messaging/key-expiry.ts'
import { DUE_ROWS_MAX } from '../../../src/messaging/partition.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const ANSWER = { status: 202, body: null, subject: 'ord_1' }
const MIDNIGHT: Instant = Date.UTC(2026, 10, 24)

const keyed = (name: string) => ({ requestKey: name, fingerprint: 'body' })

const startAt = (now: Instant) => {
  const memory = createMemoryHost({ now })
  memory.sql(OLD_KEYS_TABLE)
  memory.sql(KEYS_TABLE)
  const { sql } = memory
  return {
    memory,
    expiry: createKeyExpiry(memory.host),
    use: (name: string) => remember(sql, keyed(name), ANSWER, memory.now()),
    isKnown: (name: string) => recall(sql, keyed(name), memory.now()).kind === 'replay',
    keepOld: (name: string, at: Instant) =>
      sql(
        "INSERT INTO requests (request_key, fingerprint, subject, status, body, at) VALUES (?, 'body', '', 202, '{}', ?)",
        ...[name, at],
      ),
    count: (table: 'requests' | 'idempotency_keys') =>
      sql<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)[0]?.count,
  }
}

describe('a key', () => {
  it.each([
    ['used just before midnight is known for a day', MIDNIGHT - 1, DAY_MS, true],
    ['used just before midnight is over after that', MIDNIGHT - 1, DAY_MS + 1, false],
    ['used at midnight is known for two days', MIDNIGHT, 2 * DAY_MS - 1, true],
    ['used at midnight is over after that', MIDNIGHT, 2 * DAY_MS, false],
  ])('%s', (_, usedAt, afterMs, isKnown) => {
    const { memory, use, isKnown: isStillKnown } = startAt(usedAt)
    use('key')
    memory.advance(afterMs)
    expect(isStillKnown('key')).toBe(isKnown)
  })

  it('is known where the clock goes back over midnight', () => {
    const { memory, use, isKnown } = startAt(MIDNIGHT)
    use('key')
    memory.advance(-1)
    expect(isKnown('key')).toBe(true)
  })

  it('may be used again for anything once it is over, before its row is gone', () => {
    const { memory, use, isKnown, count } = startAt(MIDNIGHT)
    use('key')
    memory.advance(2 * DAY_MS)
    use('key')
    expect(isKnown('key')).toBe(true)
    expect(count('idempotency_keys')).toBe(2)
  })
})

describe('expiry', () => {
  it('is due only where keys are over, and takes a portion at a time', () => {
    const { memory, expiry, use, count } = startAt(MIDNIGHT)
    for (let nth = 0; nth < 2 * DUE_ROWS_MAX + 1; nth += 1) use(`key ${nth}`)
    memory.advance(2 * DAY_MS - 1)
    expect(expiry.dueAt()).toBeUndefined()
    memory.advance(1)
    use('of today')
    const left: unknown[] = []
    while (expiry.dueAt() !== undefined) {
      expiry.forget()
      left.push(count('idempotency_keys'))
    }
    expect(left).toEqual([DUE_ROWS_MAX + 2, 2, 1])
  })

  it('goes through the keys of older code by portions, and comes again for those that are not over', () => {
    const { memory, expiry, keepOld, count } = startAt(MIDNIGHT)
    for (let nth = 0; nth < DUE_ROWS_MAX; nth += 1) {
      keepOld(`key ${String(nth).padStart(4, '0')}`, MIDNIGHT - 2 * DAY_MS)
    }
    keepOld('later', MIDNIGHT - 2 * DAY_MS + HOUR_MS)
    const portions: unknown[] = []
    while (expiry.dueAt() !== undefined) {
      expiry.forget()
      portions.push(count('requests'))
    }
    expect(portions).toEqual([1, 1])
    memory.advance(HOUR_MS + MINUTE_MS)
    expect(expiry.dueAt()).toBe(memory.now())
    expiry.forget()
    expect([count('requests'), expiry.dueAt()]).toEqual([0, undefined])
  })
})
