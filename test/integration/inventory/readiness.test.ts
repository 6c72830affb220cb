import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import worker from '../../../workers/inventory/index.ts'

const bindings = env as InventoryEnv

it('a ledger that lacks its newest migration is a problem of /readyz', async () => {
  await bindings.INVENTORY_DB.prepare('ALTER TABLE movements RENAME COLUMN reserved_at TO away').run()
  const response = await worker.fetch(
    new Request('http://inventory/readyz'),
    bindings,
    createExecutionContext(),
  )
  await bindings.INVENTORY_DB.prepare('ALTER TABLE movements RENAME COLUMN away TO reserved_at').run()
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    problems: [expect.stringMatching(/^INVENTORY_DB cannot be read\. Are its migrations applied\?/)],
    errors: [expect.stringContaining('no such column: reserved_at')],
  })
})
