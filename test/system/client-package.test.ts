import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness } from 'wrangler'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { type InstalledClient, installClient, systemNode } from '../support/installed-client.ts'
import { openShop } from '../support/shop.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const KEY = 'test-admin-key'

let system: System
let shop: InstalledClient
let url: string

beforeAll(async () => {
  system = await startSystem()
  const operator = openShop(system)
  await Promise.all(['P001', 'P002'].map((productId) => operator.stock(productId, 100)))
  // The program in the document lists them, and the list follows a moment behind.
  await eventually(
    () => operator.call('/products'),
    ({ body }) => body.items.length === 2,
  )
  url = new URL(await system.address()).origin
  shop = await installClient()
})

afterAll(async () => {
  await system.close()
  await shop.remove()
})

it('the package holds JavaScript and its types, and no source', async () => {
  const sources = (await readdir(join(ROOT, 'packages/client/src'))).map((file) =>
    file.slice(0, -'.ts'.length),
  )
  const built = sources.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]).sort()
  expect(await shop.files()).toEqual(['README.md', ...built, 'package.json'])
})

it('the package claims Node from 20.3, which brought AbortSignal.any, and none that a dependency refuses', async () => {
  const { engines, dependencies } = packageOf('@edge-orders/client')
  const needed = Object.keys(dependencies).map((name) => packageOf(name).engines?.node ?? '>=0')
  for (const range of needed) expect(minimum(range)).toBeLessThanOrEqual(minimum(engines.node))
  expect(engines.node).toBe('>=20.3.0')
})

describe('the program in docs/client.md does what it says', () => {
  it.each([
    ["this repository's Node", () => process.execPath],
    ["the machine's Node", systemNode],
  ])('on %s', async (_, node) => {
    const { program, said } = await documented()
    await shop.write({ 'buy.js': program })
    const env = { EDGE_ORDERS_URL: url, EDGE_ORDERS_KEY: KEY }
    expect(withoutIds(await shop.run(['buy.js'], { node: node(), env }))).toBe(withoutIds(said))
  })
})

it('a Worker places an order with the package and sees it settled', async () => {
  await shop.write({ 'worker.js': WORKER, 'wrangler.json': JSON.stringify(WORKER_CONFIGURATION) })
  const vars = { ORDERS_URL: url, ORDERS_KEY: KEY }
  const server = createTestHarness({ root: shop.folder, workers: [{ configPath: 'wrangler.json', vars }] })
  try {
    await server.listen()
    const response = await server.fetch('/')
    expect(await response.json()).toEqual(['OrderPlaced', 'OrderSettled', 'captured'])
  } finally {
    await server.close()
  }
})

/** The first program in the document, and what it prints. */
const documented = async () => {
  const [, program = '', said = ''] =
    /```js\n(.*?)```\s+```text\n(.*?)```/s.exec(await readFile(join(ROOT, 'docs/client.md'), 'utf8')) ?? []
  return { program, said }
}

const withoutIds = (text: string): string => text.replaceAll(/ord_\w+/g, 'ord_…')

const packageOf = (name: string) =>
  JSON.parse(readFileSync(join(shop.folder, 'node_modules', name, 'package.json'), 'utf8'))

/** `>=20.3.0` as a number that grows with the version. */
const minimum = (range: string): number => {
  const [, major, minor = 0, patch = 0] = /^>=(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(range) ?? []
  return (Number(major) * 1_000 + Number(minor)) * 1_000 + Number(patch)
}

const WORKER = `import { createClient, orThrow } from '@edge-orders/client'

export default {
  async fetch(_request, { ORDERS_URL, ORDERS_KEY }) {
    const shop = createClient({ url: ORDERS_URL, key: ORDERS_KEY })
    const { orderId } = await orThrow(shop.placeOrder({ items: [{ productId: 'P001', quantity: 1 }] }))
    const types = []
    for await (const { type } of shop.watchOrder(orderId)) types.push(type)
    const { payment } = await shop.readOrder(orderId)
    return Response.json([types.at(0), types.at(-1), payment.status])
  },
}
`

const WORKER_CONFIGURATION = {
  name: 'shop',
  main: 'worker.js',
  compatibility_date: '2023-01-01',
}
