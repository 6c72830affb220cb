import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  claimInD1,
  recallFromD1,
  releaseInD1,
  rememberInD1,
  toStoredResponse,
} from '../../../src/cloudflare/d1-requests.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { SqlValue } from '../../../src/messaging/sql.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemorySql } from '../../support/in-memory-sql.ts'

const TABLE = resolve(import.meta.dirname, '../../../workers/operations/migrations/0002_requests.sql')

/** As much of D1 as these requests use. */
const createDatabase = () => {
  const sql = createInMemorySql()
  sql(readFileSync(TABLE, 'utf8'))
  const statement = (query: string, values: SqlValue[] = []) => ({
    bind: (...bound: SqlValue[]) => statement(query, bound),
    first: async () => sql(query, ...values)[0] ?? null,
    run: async () => ({ results: sql(query, ...values) }),
  })
  const database = {
    prepare: (query: string) => statement(query),
    batch: async (statements: ReturnType<typeof statement>[]) => {
      const results: { results: unknown[] }[] = []
      for (const each of statements) results.push(await each.run())
      return results
    },
  }
  return { sql, database: database as unknown as D1Database }
}

const attempt = (attemptId: string) => ({ requestKey: 'key', fingerprint: 'body', attemptId })

const insertClaim = (sql: ReturnType<typeof createInMemorySql>, status: number) =>
  sql(
    "INSERT INTO requests (request_key, fingerprint, holder, status, at) VALUES ('key', 'body', 'first', ?, ?)",
    ...[status, NOW],
  )

describe('a key that is claimed in D1', () => {
  it('has the same status as a claimed key of a partition', async () => {
    const { sql, database } = createDatabase()
    expect(await claimInD1(database, attempt('first'), NOW)).toBe(true)
    expect(sql('SELECT status, holder FROM requests')).toEqual([{ status: 1, holder: 'first' }])
  })

  it.each([
    ['this code', 1],
    ['older code', 0],
  ])('by %s is in progress for others until its lease is over', async (_by, status) => {
    const { sql, database } = createDatabase()
    insertClaim(sql, status)
    const [own, other] = [attempt('first'), attempt('second')]
    expect(await recallFromD1(database, own, NOW)).toEqual({ kind: 'new' })
    expect(await recallFromD1(database, other, NOW)).toEqual({ kind: 'inProgress' })
    expect(await claimInD1(database, other, NOW)).toBe(false)
    expect(await recallFromD1(database, other, NOW + MINUTE_MS)).toEqual({ kind: 'new' })
    expect(await claimInD1(database, other, NOW + MINUTE_MS)).toBe(true)
  })

  it.each([
    ['this code', 1],
    ['older code', 0],
  ])('by %s is released by its own attempt alone', async (_by, status) => {
    const { sql, database } = createDatabase()
    insertClaim(sql, status)
    await releaseInD1(database, attempt('second'))
    expect(sql('SELECT 1 FROM requests')).toHaveLength(1)
    await releaseInD1(database, attempt('first'))
    expect(sql('SELECT 1 FROM requests')).toHaveLength(0)
  })

  it.each([
    ['this code', 1],
    ['older code', 0],
  ])('by %s gets its response from its own attempt alone', async (_by, status) => {
    const { sql, database } = createDatabase()
    insertClaim(sql, status)
    const response = await toStoredResponse(201, { id: 'k1' })
    const late = rememberInD1(database, attempt('second'), response, NOW)
    await expect(database.batch(late)).rejects.toThrow('NOT NULL')
    await database.batch(rememberInD1(database, attempt('first'), response, NOW))
    const stored = { kind: 'stored', status: 201, body: '{"id":"k1"}' }
    expect(await recallFromD1(database, attempt('second'), NOW)).toEqual({ ...stored, isOurs: false })
    expect(await recallFromD1(database, attempt('first'), NOW)).toEqual({ ...stored, isOurs: true })
  })
})
