import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type InstalledClient, installClient } from '../support/installed-client.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let shop: InstalledClient

beforeAll(async () => {
  shop = await installClient()
})

afterAll(() => shop.remove())

it.each([
  { compiler: 'tsc', resolution: 'bundler', surroundings: 'browser' },
  { compiler: 'tsc', resolution: 'bundler', surroundings: 'worker' },
  { compiler: 'tsc', resolution: 'nodenext', surroundings: 'node' },
  { compiler: 'tsc6', resolution: 'bundler', surroundings: 'browser' },
  { compiler: 'tsc6', resolution: 'nodenext', surroundings: 'node' },
] as const)(
  'a program against the package compiles under plain strict: $compiler, moduleResolution $resolution, in a $surroundings',
  async ({ compiler, resolution, surroundings }) => {
    const project = projectWith(resolution, SURROUNDINGS[surroundings])
    await shop.write({ 'buy.ts': PROGRAM, 'tsconfig.json': project })
    const compiled = shop.run([`${ROOT}/node_modules/.bin/${compiler}`, '--project', 'tsconfig.json'])
    expect(await compiled).toBe('')
  },
)

const SURROUNDINGS = {
  browser: { lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
  worker: { lib: ['es2022'], types: [`${ROOT}/node_modules/@cloudflare/workers-types`] },
  node: { lib: ['es2022'], types: [`${ROOT}/node_modules/@types/node`] },
}

/** Neither `exactOptionalPropertyTypes` nor `noUncheckedIndexedAccess`, as most shops have it. */
const projectWith = (resolution: 'bundler' | 'nodenext', surroundings: { lib: string[]; types: string[] }) =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      strict: true,
      noEmit: true,
      ...surroundings,
    },
    files: ['buy.ts'],
  })

const PROGRAM = `import { ApiProblem, createClient, type Order, orThrow, pages, type ProblemCode } from '@edge-orders/client'

const shop = createClient({ url: 'https://orders.example', key: 'eo_1' })
const items = [{ productId: 'P001', quantity: 1 }]

export const thrown = async (): Promise<Order> => {
  const order = await orThrow(shop.placeOrder({ items }, { waitSeconds: 10 }))
  console.log(order.orderId.length, order.totalAmount.toFixed(2))
  const params = { path: { orderId: order.orderId } }
  const cancelled = await orThrow(shop.POST('/orders/{orderId}/cancel', { params }))
  console.log(cancelled.status === 'cancelled')
  return await orThrow(shop.GET('/orders/{orderId}', { params }))
}

export const destructured = async (orderId: string): Promise<string> => {
  const { data, error } = await shop.GET('/orders/{orderId}', { params: { path: { orderId } } })
  if (error) {
    const code: ProblemCode = error.code
    return code
  }
  return data.orderId
}

export const whole = async (orderId: string): Promise<Order> => {
  const answer = await shop.POST('/orders/{orderId}/cancel', { params: { path: { orderId } } })
  if (answer.error === undefined) return answer.data
  // @ts-expect-error a cancellation has no price
  if (answer.error.code === 'price_mismatch') console.log(answer.error.detail)
  throw new ApiProblem(answer.error, answer.response)
}

export const listed = async (): Promise<string[]> => {
  const found: string[] = []
  for await (const orders of pages((page) => shop.GET('/orders', { params: { query: page } })))
    found.push(...orders.map(({ orderId }) => orderId))
  return found
}

export const changed = async (id: string): Promise<string> => {
  const webhook = await orThrow(shop.PATCH('/webhooks/{id}', { params: { path: { id } }, body: { status: 'disabled' } }))
  return webhook.url
}

export const watched = async (orderId: string): Promise<void> => {
  for await (const { type, id } of shop.watchOrder(orderId)) console.log(type.length, id.length)
  const settled = await shop.waitUntilSettled(orderId, { withinMs: 10_000 })
  console.log(settled.payment.capturedAmount.toFixed(2))
}

// @ts-expect-error a quantity is a number
export const wrong = () => shop.placeOrder({ items: [{ productId: 'P001', quantity: 'two' }] })
`
