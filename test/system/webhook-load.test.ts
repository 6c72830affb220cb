import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { startReceiver } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

/** What another client's webhook may wait for its first request, on a busy machine. Alone it takes about a second. */
const WITHIN_MS = 5_000

let system: System
let shop: ReturnType<typeof openShop>
let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  receiver = await startReceiver()
})

afterAll(async () => {
  await system.close()
  await receiver.close()
})

type Headers = { authorization: string }

const keyOf = async (client: string): Promise<Headers> => {
  const { body } = await shop.post('/keys', {
    client,
    scopes: ['orders:read', 'orders:write', 'inventory:read'],
  })
  return { authorization: `Bearer ${body.key}` }
}

const register = async (url: string, key: Headers): Promise<string> => {
  const { status, body } = await shop.post('/webhooks', { url, types: ['StockDepleted'] }, key)
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body.id
}

/** From the call to the request that comes of it, for a webhook of a client that did nothing before. */
const firstRequestMs = async (client: string): Promise<number> => {
  const key = await keyOf(client)
  const id = await register(receiver.url(`/${client}`), key)
  const startedAt = Date.now()
  const { status } = await shop.post(`/webhooks/${id}/test`, undefined, key)
  expect(status).toBe(202)
  await eventually(
    () => receiver.at(`/${client}`),
    (requests) => requests.length > 0,
    { withinMs: 150_000, everyMs: 20 },
  )
  return Date.now() - startedAt
}

/** Due deliveries of an earlier time, as rows; the partition looks at them when it is rearmed. */
const leave = async (webhookId: string, rows: number): Promise<void> => {
  const storage = await system.storage('operations', 'WebhookObject', { name: 'webhooks' })
  await storage.exec(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO deliveries (webhook_id, delivery_id, event_id, due_at, document)
      SELECT ?1, printf('msg_%06d', i), 'event_' || i, ?2, json_object('deliveryId', printf('msg_%06d', i),
        'webhookId', ?1, 'eventId', 'event_' || i, 'type', 'StockDepleted', 'body', '{}', 'createdAt', ?2,
        'status', 'pending', 'attempts', 0, 'failures', 0, 'unheard', 0, 'nextTryAt', ?2, 'queued', 0,
        'dueAt', ?2) FROM n`,
    ...[webhookId, Date.now()],
  )
  await shop.call('/readyz')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
}

describe('the webhook of another client gets its first request in time', () => {
  it('beside 250 tests of an address that says nothing', async () => {
    const key = await keyOf('tester')
    receiver.script('/silent', ...Array(300).fill(0))
    const id = await register(receiver.url('/silent'), key)
    await Promise.all(Array.from({ length: 250 }, () => shop.post(`/webhooks/${id}/test`, undefined, key)))
    const ms = await firstRequestMs('beside-tests')
    console.info(`beside 250 silent tests: ${ms} ms, ${receiver.at('/silent').length} connections`)
    expect(ms).toBeLessThan(WITHIN_MS)
    expect(receiver.at('/silent').length).toBeLessThanOrEqual(20)
  }, 240_000)

  it('beside 600 deliveries to an address that hangs', async () => {
    const key = await keyOf('hanging')
    receiver.script('/hanging', ...Array(700).fill(0))
    await leave(await register(receiver.url('/hanging'), key), 600)
    const ms = await firstRequestMs('beside-hanging')
    console.info(`beside 600 hanging deliveries: ${ms} ms, ${receiver.at('/hanging').length} connections`)
    expect(ms).toBeLessThan(WITHIN_MS)
    expect(receiver.at('/hanging').length).toBeLessThanOrEqual(20)
  }, 240_000)

  it('beside 62 000 rows that dead webhooks left', async () => {
    const key = await keyOf('dead')
    const ids = [await register('http://127.0.0.1:9/', key), await register('http://localhost:9/', key)]
    for (const id of ids) await leave(id, 31_000)
    const ms = await firstRequestMs('beside-dead')
    console.info(`beside 62 000 rows of dead webhooks: ${ms} ms`)
    expect(ms).toBeLessThan(WITHIN_MS)
  }, 240_000)
})
