import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    d1: {
      database: 'ORDERS_DB' | 'LISTS_DB' | 'INVENTORY_DB' | 'PAYMENTS_DB' | 'OPERATIONS_DB'
      migrations: D1Migration[]
    }[]
  }
}

for (const { database, migrations } of inject('d1')) await applyD1Migrations(env[database], migrations)
