import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WEBHOOK_TYPES } from '../../src/contracts/webhook-types.ts'
import { readEvents } from '../support/event-stream.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { startReceiver, verified } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

type Told = { id: string; type: string; schemaversion: number; traceparent?: string }
type Schema = { properties?: Record<string, Schema>; items?: Schema; additionalProperties?: unknown }

let system: System
let shop: ReturnType<typeof openShop>
let receiver: Awaited<ReturnType<typeof startReceiver>>
let webhook: { id: string; secret: string }

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  receiver = await startReceiver()
  await shop.stock('P001', 1)
  const { body } = await shop.post('/webhooks', { url: receiver.url('/'), types: WEBHOOK_TYPES })
  webhook = body
})

afterAll(async () => {
  await system.close()
  await receiver.close()
})

/** Of a documented message, what only our own services read. */
const INSIDE: Record<string, readonly string[]> = {
  OrderPlaced: ['payment'],
  OrderRejected: ['client'],
  OrderCancelled: ['client'],
}

/** The published schema of an event as a reader outside gets it: with nothing that it does not describe. */
const schemaOf = async ({ type, schemaversion }: Told) => {
  const { body } = await shop.call(`/schemas/${type}/${schemaversion}.json`)
  const { client: _client, redriveid: _redriveId, data, ...envelope } = body.properties
  const fields = Object.entries<Schema>(data.properties)
  const shown = Object.fromEntries(fields.filter(([name]) => !INSIDE[type]?.includes(name)))
  return closed({ ...body, properties: { ...envelope, data: { ...data, properties: shown } } })
}

const closed = (schema: Schema): Schema => ({
  ...schema,
  ...(schema.items && { items: closed(schema.items) }),
  ...(schema.properties && {
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, closed(property)]),
    ),
  }),
})

const ajv = new Ajv2020({ strict: false, validateSchema: false, addUsedSchema: false })
addFormats.default(ajv)

const faultsOf = async (event: Told) => {
  const validate = ajv.compile(await schemaOf(event))
  return validate({ ...event })
    ? []
    : [`${event.id}: ${ajv.errorsText(validate.errors)} ${JSON.stringify(event)}`]
}

/** Every way that an order can go: confirmed, refunded in part, and cancelled; declined; out of stock. */
const orders = async (): Promise<string[]> => {
  const one = [{ productId: 'P001', quantity: 1 }]
  const cancelled = await shop.place(one)
  const { status } = await shop.settled(cancelled)
  expect(status).toBe('confirmed')
  const refused = await shop.place(one)
  await shop.settled(refused)
  await shop.post(`/payments/${cancelled}/refunds`, { amount: 1 })
  await shop.post(`/orders/${cancelled}/cancel`)
  await shop.settled(cancelled)
  const declined = await shop.place(one, 'pm_card_chargeDeclined')
  await shop.settled(declined)
  return [cancelled, refused, declined]
}

it('tells an event outside as the document describes it, in the trace that it came about in, and nothing else of it', async () => {
  const ids = await orders()
  const told: Told[] = []
  for (const id of ids) {
    const { body } = await shop.call(`/orders/${id}/events`)
    const headers = { authorization: 'Bearer test-admin-key', accept: 'text/event-stream' }
    const streamed = await readEvents(await system.fetch(`/orders/${id}/events`, { headers }))
    expect(streamed.map(({ data }) => data)).toEqual(body.events)
    told.push(...body.events)
  }
  await shop.post(`/webhooks/${webhook.id}/test`)
  const wanted = new Set<string>([...WEBHOOK_TYPES, 'WebhookTested'])
  const awaited = await eventually(
    () => receiver.at('/').map((request) => verified(webhook.secret, request) as Told),
    (events) => [...wanted].every((type) => events.some((event) => event.type === type)),
    { withinMs: 40_000 },
  )
  expect([...told, ...awaited].filter(({ traceparent }) => traceparent === undefined)).toEqual([])
  expect((await Promise.all([...told, ...awaited].map(faultsOf))).flat()).toEqual([])
})
