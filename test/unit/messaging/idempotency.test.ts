import { expect, it } from 'vitest'
import { fence, IDEMPOTENCY_TABLE, recall, remember } from '../../../src/messaging/idempotency.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemorySql } from '../../support/in-memory-sql.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const ANSWER = { status: 202, body: '{"a":1}', subject: 'ord_1' }

const emptyTable = () => {
  const sql = createInMemorySql()
  sql(IDEMPOTENCY_TABLE)
  return sql
}

it('knows nothing of a key that was never used', () => {
  expect(recall(emptyTable(), REQUEST)).toEqual({ kind: 'new' })
})

it('gives the first answer again for the same key and body', () => {
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
  expect(sql('SELECT * FROM requests')).toEqual([])
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
