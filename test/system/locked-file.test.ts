import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSystem, type Life } from '../crash/system.ts'
import { eventually } from '../support/eventually.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'

const ORDERS = 12
const dir = mkdtempSync(join(tmpdir(), 'edge-orders-locked-'))
const stateDir = join(dir, 'state')
let system: ReturnType<typeof createSystem>
let life: Life
let api: string

beforeAll(async () => {
  const port = await freePort()
  api = `http://localhost:${port}`
  system = createSystem({ port, stateDir, tempDir: join(dir, 'tmp') })
  life = system.start()
  await life.ready
}, 120_000)

afterAll(async () => {
  await system.kill(life)
  rmSync(dir, { recursive: true, force: true })
})

const call = async (path: string, { body, key }: { body?: object; key?: string } = {}) => {
  const response = await fetch(`${api}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${readDevelopmentKey()}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: what the API says is not typed here.
  return { status: response.status, body: (await response.json()) as any }
}

const place = (key: string) => call('/orders', { key, body: { items: [{ productId: 'P001', quantity: 1 }] } })
const cancel = (orderId: string, key: string) => call(`/orders/${orderId}/cancel`, { key, body: {} })
const settled = (orderId: string) =>
  eventually(
    async () => (await call(`/orders/${orderId}`)).body,
    (order) => order.settledAt !== undefined,
    { withinMs: 90_000, everyMs: 250 },
  )

/** Holds the write lock of every file of the order partitions while the work goes on. */
const whileLocked = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  const folder = join(stateDir, 'v3/do/edge-orders-OrderObject')
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite')
  const locks = files.map((name) => new DatabaseSync(join(folder, name)))
  for (const lock of locks) lock.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
  try {
    return await work()
  } finally {
    for (const lock of locks) {
      lock.exec('ROLLBACK')
      lock.close()
    }
  }
}

const statusesOf = (answers: readonly { status: number }[]): number[] => [
  ...new Set(answers.map(({ status }) => status)),
]

it('that holds a partition’s database leaves each order as it was, or whole', async () => {
  const numbers = Array.from({ length: ORDERS }, (_, index) => index)
  const placed = await Promise.all(numbers.map((index) => place(`first-${index}`)))
  expect(statusesOf(placed)).toEqual([202])
  const ids: string[] = placed.map(({ body }) => body.orderId)
  await Promise.all(ids.map(settled))

  const refused = await whileLocked(() =>
    Promise.all([
      ...ids.map((orderId, index) => cancel(orderId, `cancel-${index}`)),
      ...numbers.map((index) => place(`second-${index}`)),
    ]),
  )
  expect(statusesOf(refused)).toEqual([503])
  expect([...new Set(refused.map(({ body }) => body.code))]).toEqual(['unavailable'])

  const after = await Promise.all(ids.map(settled))
  expect(after.map(({ status, payment }) => [status, payment.status, payment.refundedAmount])).toEqual(
    ids.map(() => ['confirmed', 'captured', 0]),
  )
  expect((await call('/inventory/P001')).body).toMatchObject({ onHand: 1_000 - ORDERS, reserved: 0 })

  const cancelled = await Promise.all(ids.map((orderId, index) => cancel(orderId, `cancel-${index}`)))
  const again = await Promise.all(numbers.map((index) => place(`second-${index}`)))
  expect([statusesOf(cancelled), statusesOf(again)]).toEqual([[202], [202]])
  const seconds = await Promise.all(again.map(({ body }) => settled(body.orderId)))
  expect(seconds.map(({ status }) => status)).toEqual(numbers.map(() => 'confirmed'))
  const ended = await Promise.all(ids.map(settled))
  expect(ended.map(({ status, payment }) => [status, payment.status])).toEqual(
    ids.map(() => ['cancelled', 'refunded']),
  )
  const types = (await call(`/orders/${ids[0]}/events`)).body.events.map(({ type }: { type: string }) => type)
  expect(types.filter((type: string) => type === 'OrderCancelled')).toHaveLength(1)
  expect((await call('/inventory/P001')).body).toMatchObject({ onHand: 1_000 - ORDERS, reserved: 0 })
  expect((await call('/dead-letters')).body.items).toEqual([])
})
