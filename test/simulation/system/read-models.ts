import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Service } from '../../../src/contracts/topology.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { createDatabase } from '../platform/database.ts'
import type { Platform } from '../platform/platform.ts'
import type { Actor } from '../platform/scheduler.ts'

/** The D1 databases, by the service that reads each one. The lists of orders have their own. */
export type ReadModel = Service | 'lists'

const readMigrations = (path: string): string => {
  const folder = resolve(import.meta.dirname, '../../../workers', path)
  const names = readdirSync(folder).toSorted()
  return names.map((name) => readFileSync(resolve(folder, name), 'utf8')).join('\n')
}

const MIGRATIONS: Record<ReadModel, string> = {
  order: readMigrations('order/migrations'),
  lists: readMigrations('order/list-migrations'),
  inventory: readMigrations('inventory/migrations'),
  payment: readMigrations('payment/migrations'),
  operations: readMigrations('operations/migrations'),
}

type ReadModelPorts = {
  cloud: Actor
  /** Gives an empty database for the life of this world. */
  borrow(kind: string): Sql
  afterWrite(readModel: ReadModel): void
}

/** The read models, with the tables that the migrations make. */
export const createReadModels = (platform: Platform, { cloud, borrow, afterWrite }: ReadModelPorts) => {
  const migrated = (name: ReadModel): Sql => {
    const sql = borrow(`read model of ${name}`)
    const isNew = sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1").length === 0
    if (isNew) sql(MIGRATIONS[name])
    return sql
  }
  const create = (name: ReadModel) => {
    const sql = migrated(name)
    const hooks = { cloud, afterWrite: () => afterWrite(name), replica: () => migrated(name) }
    return { sql, binding: createDatabase(platform, name, sql, hooks) }
  }
  return {
    order: create('order'),
    lists: create('lists'),
    inventory: create('inventory'),
    payment: create('payment'),
    operations: create('operations'),
  }
}
