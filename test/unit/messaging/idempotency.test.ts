import { describe, expect, it } from 'vitest'
import {
  fence,
  type IdempotentRequest,
  KEYS_TABLE,
  OLD_KEYS_TABLE,
  recall as recallAt,
  remember,
  stepOfKey,
} from '../../../src/messaging/idempotency.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemorySql } from '../../support/in-memory-sql.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const ANSWER = { status: 202, body: '{"a":1}', subject: 'ord_1' }

const emptyTable = () => {
  const sql = createInMemorySql()
  sql(OLD_KEYS_TABLE)
  sql(KEYS_TABLE)
  return sql
}

const recall = (sql: Sql, request: IdempotentRequest | undefined, now = NOW) => recallAt(sql, request, now)

it('knows nothing of a key that was never used', () => {
  expect(recall(emptyTable(), REQUEST)).toEqual({ kind: 'new' })
})

it('G7: the same key and body get the first response again', () => {
  const sql = emptyTable()
  remember(sql, REQUEST, ANSWER, NOW)
  expect(recall(sql, REQUEST)).toEqual({ kind: 'replay', answer: ANSWER })
})

it('gives again that there was no body', () => {
  const sql = emptyTable()
  remember(sql, REQUEST, { ...ANSWER, body: null }, NOW)
  expect(recall(sql, REQUEST)).toEqual({ kind: 'replay', answer: { ...ANSWER, body: null } })
})

it('tells the same key with another body', () => {
  const sql = emptyTable()
  remember(sql, REQUEST, ANSWER, NOW)
  expect(recall(sql, { ...REQUEST, fingerprint: 'other' })).toEqual({ kind: 'reused' })
})

it('tells another key with the same body', () => {
  const sql = emptyTable()
  remember(sql, REQUEST, ANSWER, NOW)
  expect(recall(sql, { ...REQUEST, requestKey: 'other' })).toEqual({ kind: 'new' })
})

it('keeps nothing of a request without a key', () => {
  const sql = emptyTable()
  remember(sql, undefined, ANSWER, NOW)
  expect(recall(sql, undefined)).toEqual({ kind: 'new' })
  expect(sql('SELECT * FROM idempotency_keys')).toEqual([])
})

it('never lets a second answer replace the first', () => {
  const sql = emptyTable()
  remember(sql, REQUEST, ANSWER, NOW)
  expect(() => remember(sql, REQUEST, { ...ANSWER, status: 200 }, NOW)).toThrow('UNIQUE')
  expect(recall(sql, REQUEST)).toEqual({ kind: 'replay', answer: ANSWER })
})

it('fences a key that leads elsewhere now, whatever the body', () => {
  const sql = emptyTable()
  expect(fence(sql, REQUEST, NOW)).toEqual({ kind: 'new' })
  expect(recall(sql, REQUEST)).toEqual({ kind: 'fenced' })
  expect(recall(sql, { ...REQUEST, fingerprint: 'other' })).toEqual({ kind: 'fenced' })
})

it('fences a key once', () => {
  const sql = emptyTable()
  fence(sql, REQUEST, NOW)
  expect(fence(sql, REQUEST, NOW)).toEqual({ kind: 'fenced' })
})

it('does not fence a key that was answered: its answer is given again', () => {
  const sql = emptyTable()
  remember(sql, REQUEST, ANSWER, NOW)
  expect(fence(sql, REQUEST, NOW)).toEqual({ kind: 'replay', answer: ANSWER })
  expect(recall(sql, REQUEST)).toEqual({ kind: 'replay', answer: ANSWER })
})

describe('a key that is claimed before the work and answered after it', () => {
  const OTHER_BODY = { ...REQUEST, fingerprint: 'other' }
  const claimed = () => {
    const sql = emptyTable()
    stepOfKey(sql, REQUEST, 'claim', NOW)
    return sql
  }

  it('is still new for the same body: it may go on where another was cut off', () => {
    const sql = claimed()
    expect(stepOfKey(sql, REQUEST, 'recall', NOW)).toEqual({ kind: 'new' })
    expect(stepOfKey(sql, REQUEST, 'claim', NOW)).toEqual({ kind: 'new' })
  })

  it("is no other body's", () => {
    const sql = claimed()
    expect(stepOfKey(sql, OTHER_BODY, 'claim', NOW)).toEqual({ kind: 'reused' })
    expect(stepOfKey(sql, OTHER_BODY, 'release', NOW)).toEqual({ kind: 'reused' })
    expect(recall(sql, OTHER_BODY)).toEqual({ kind: 'reused' })
  })

  it('gives the answer once there is one, and the first of two', () => {
    const sql = claimed()
    stepOfKey(sql, REQUEST, ANSWER, NOW)
    stepOfKey(sql, REQUEST, { ...ANSWER, body: 'second' }, NOW)
    expect(stepOfKey(sql, REQUEST, 'claim', NOW)).toEqual({ kind: 'replay', answer: ANSWER })
  })

  it('is free again where the work was refused, but not once it is answered', () => {
    const sql = claimed()
    stepOfKey(sql, REQUEST, 'release', NOW)
    expect(recall(sql, OTHER_BODY)).toEqual({ kind: 'new' })
    stepOfKey(sql, REQUEST, ANSWER, NOW)
    stepOfKey(sql, REQUEST, 'release', NOW)
    expect(recall(sql, OTHER_BODY)).toEqual({ kind: 'reused' })
  })

  it('is fenced like a new one where it leads elsewhere now, and answered there no longer', () => {
    const sql = claimed()
    expect(stepOfKey(sql, REQUEST, 'fence', NOW)).toEqual({ kind: 'new' })
    expect(stepOfKey(sql, REQUEST, ANSWER, NOW)).toEqual({ kind: 'fenced' })
  })
})
