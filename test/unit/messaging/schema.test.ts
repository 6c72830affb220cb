import { describe, expect, it } from 'vitest'
import { additive, migrate } from '../../../src/messaging/schema.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { createInMemorySql } from '../../support/in-memory-sql.ts'

const ONE = 'CREATE TABLE a (x INTEGER); INSERT INTO a (x) VALUES (1); CREATE TABLE b (y INTEGER)'
const TWO = 'ALTER TABLE a ADD COLUMN z TEXT'
const THREE = 'UPDATE a SET x = x + 1'

const versionOf = (sql: Sql) => sql('SELECT version FROM schema_version')

it('runs every statement of every migration, in order', () => {
  const sql = createInMemorySql()
  migrate(sql, [ONE, TWO, THREE])
  expect(sql('SELECT * FROM a')).toEqual([{ x: 2, z: null }])
  expect(versionOf(sql)).toEqual([{ version: 3 }])
})

it('runs each migration once, however often it is started', () => {
  const sql = createInMemorySql()
  for (let start = 0; start < 3; start += 1) migrate(sql, [ONE, TWO, THREE])
  expect(sql('SELECT x FROM a')).toEqual([{ x: 2 }])
  expect(versionOf(sql)).toEqual([{ version: 3 }])
})

it('runs only what is new on tables of an older version', () => {
  const sql = createInMemorySql()
  migrate(sql, [ONE])
  migrate(sql, [ONE, TWO, THREE])
  expect(sql('SELECT * FROM a')).toEqual([{ x: 2, z: null }])
})

it('refuses tables that are newer than the code, and leaves them alone', () => {
  const sql = createInMemorySql()
  migrate(sql, [ONE, TWO])
  expect(() => migrate(sql, [ONE])).toThrow('have version 2, this code knows 1: roll forward')
  expect(versionOf(sql)).toEqual([{ version: 2 }])
})

describe('an additive step', () => {
  const steps = [ONE, additive(TWO)]

  it('is applied once, and code that does not know it works on the tables', () => {
    const sql = createInMemorySql()
    for (const _ of ['first', 'second']) migrate(sql, steps)
    expect(sql('SELECT * FROM a')).toEqual([{ x: 1, z: null }])
    expect(versionOf(sql)).toEqual([{ version: 1 }])
    migrate(sql, [ONE])
    migrate(sql, steps)
    expect(sql('SELECT * FROM a')).toEqual([{ x: 1, z: null }])
  })

  it('before a step that is not additive is one that code must know', () => {
    const sql = createInMemorySql()
    migrate(sql, steps)
    migrate(sql, [...steps, THREE])
    expect(sql('SELECT x FROM a')).toEqual([{ x: 2 }])
    expect(versionOf(sql)).toEqual([{ version: 3 }])
    expect(() => migrate(sql, steps)).toThrow('roll forward')
  })

  it('that was counted as one that code must know stays so', () => {
    const sql = createInMemorySql()
    migrate(sql, [ONE, TWO])
    migrate(sql, [ONE, additive(TWO), additive(THREE)])
    expect(sql('SELECT x FROM a')).toEqual([{ x: 2 }])
    expect(versionOf(sql)).toEqual([{ version: 2 }])
  })
})

it('has nothing to do without migrations', () => {
  const sql = createInMemorySql()
  migrate(sql, [])
  expect(versionOf(sql)).toEqual([])
})
