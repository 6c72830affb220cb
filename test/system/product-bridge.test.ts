import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBridge } from '../support/bridge/bridge-process.ts'
import {
  kafkaProducts,
  type ProductMessage,
  type ProductReader,
  rabbitMqProducts,
  sqsProducts,
} from '../support/bridge/product-readers.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await Promise.all(['P001', 'P002'].map((productId) => shop.stock(productId, 10)))
})

afterAll(() => system?.close())

const start = async ({ args, environment }: ProductReader, ...flags: string[]) =>
  startBridge({
    args: [...args, '--out', '--feed', 'products', ...flags],
    environment: {
      ...environment,
      ...{ EDGE_ORDERS_URL: await system.address(), EDGE_ORDERS_KEY: 'test-admin-key' },
    },
  })

const onHandOf = async (productId: string): Promise<number> =>
  (await shop.call(`/inventory/${productId}`)).body.onHand

/** Once this level of the product was published: all that was. */
const untilPublished = (reader: ProductReader, productId: string, onHand: number) =>
  eventually(
    reader.published,
    (all) => all.some(({ subject, data }) => subject === productId && data.onHand === onHand),
    { withinMs: 60_000 },
  )

const isInOrder = (messages: readonly ProductMessage[]): boolean =>
  messages.every(({ sequence }, index) => (messages[index - 1]?.sequence ?? '') <= sequence)

it.each([
  ['kafka', kafkaProducts],
  ['rabbitmq', rabbitMqProducts],
  ['sqs', sqsProducts],
])('%s gets each product with its stock, and again once that has changed, in order', async (name, open) => {
  const reader = await open()
  const bridge = await start(reader, '--consumer', `products-${name}`)
  try {
    const before = { P001: await onHandOf('P001'), P002: await onHandOf('P002') }
    await untilPublished(reader, 'P001', before.P001)
    await untilPublished(reader, 'P002', before.P002)
    await shop.post('/inventory/P002/adjustments', { delta: 5 })
    const all = await untilPublished(reader, 'P002', before.P002 + 5)
    expect(isInOrder(all.filter(({ subject }) => subject === 'P002'))).toBe(true)
    if (name === 'kafka') expect(all.map(({ group }) => group)).toEqual(all.map(({ subject }) => subject))
    expect(await bridge.stop()).toEqual([0, null])
  } finally {
    await bridge.kill()
    await reader.stop()
  }
})

it('refuses a consumer of the orders, and says what to give', async () => {
  await shop.call('/feed/consumers/ledger', { method: 'PUT', body: {} })
  const args = ['sqs', '--queue-url', 'http://127.0.0.1:1/events.fifo', '--region', 'eu-central-1']
  const environment = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }
  const reader = { args, environment, published: async () => [], stop: async () => undefined }
  const bridge = await start(reader, '--consumer', 'ledger')
  expect(await bridge.ended).toEqual([1, null])
  expect(bridge.errors()).toContain('Give --feed orders, or the name of another consumer with --consumer.')
})
