import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import demoCatalogue from '../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { placeOrderExample } from '../../src/contracts/examples/orders.ts'
import { API } from '../../src/contracts/http/api.ts'
import type { Operation } from '../../src/contracts/http/operation.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

/** The key of the tour in docs/tour.md, for another order than the example. */
const KEY_OF_THE_TOUR = { 'idempotency-key': 'checkout-7f3a' }

/** Only a demo has drills. */
const DEMO = { vars: { DEMO_CATALOGUE: 'true' } }

/** Of nothing that is there: a reader has to put in an id of his own. */
const OF_OTHERS = /\{(orderId|id|deliveryId)\}/

/** Faults are in the bundles of `npm start` alone, Stripe's events come where Stripe is the bank, and a lease is secret. */
const ELSEWHERE = new Set([
  ...['/simulator/faults', '/gateways/stripe/events'],
  '/feed/consumers/{name}/commit',
])

const TRIED = Object.values(API)
  .flat()
  .filter(({ route }: Operation) => !OF_OTHERS.test(route.path) && !ELSEWHERE.has(route.path))

let system: System
let document: Document

beforeAll(async () => {
  system = await startSystem({ order: DEMO, payment: DEMO })
  const shop = openShop(system)
  await Promise.all(demoCatalogue.map(({ productId }) => shop.stock(productId, 1_000)))
  await eventually(
    () => shop.call('/readyz'),
    ({ status }) => status === 200,
  )
  await shop.post('/orders', { ...placeOrderExample, totalAmount: 150, reference: 'tour' }, KEY_OF_THE_TOUR)
  document = JSON.parse(await (await system.fetch('/openapi.json')).text())
})

afterAll(() => system.close())

describe('sent as a page fills it in from the document, the first time and the second,', () => {
  it.each(TRIED.map(({ route }) => [route.method.toUpperCase(), route.path]))(
    '%s %s is carried out',
    async (method, path) => {
      const statuses: number[] = []
      for (const _try of [1, 2]) {
        const response = await system.fetch(...filledIn(method, path))
        statuses.push(response.status)
        await response.body?.cancel()
      }
      expect(statuses.filter((status) => status >= 400)).toEqual([])
    },
  )
})

type Parameter = {
  in: string
  name: string
  required?: boolean
  example?: string
  schema?: { examples?: string[] }
}
type Call = {
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: { content: Record<string, { example?: unknown }> }
}
type Document = {
  paths: Record<string, Record<string, Call>>
  components: { parameters: Record<string, Parameter> }
}

/** Every parameter that has an example, and the body's first example. */
const filledIn = (method: string, path: string): Parameters<System['fetch']> => {
  const { parameters = [], requestBody } = document.paths[path]?.[method.toLowerCase()] ?? {}
  const filled = parameters
    .flatMap((each) =>
      '$ref' in each ? (document.components.parameters[each.$ref.split('/').at(-1) ?? ''] ?? []) : each,
    )
    .flatMap(({ in: place, name, example, schema }) => {
      const value = example ?? schema?.examples?.[0]
      return value === undefined ? [] : [{ place, name, value }]
    })
  const at = (wanted: string) => filled.filter(({ place }) => place === wanted)
  const [mediaType, media] = Object.entries(requestBody?.content ?? {})[0] ?? ['application/json']
  const headers = Object.fromEntries(at('header').map(({ name, value }) => [name, value]))
  const query = new URLSearchParams(at('query').map(({ name, value }) => [name, value]))
  return [
    `${at('path').reduce((filledPath, { name, value }) => filledPath.replace(`{${name}}`, value), path)}?${query}`,
    {
      method,
      redirect: 'manual',
      headers: { authorization: 'Bearer test-admin-key', 'content-type': mediaType, ...headers },
      ...(media?.example !== undefined && { body: JSON.stringify(media.example) }),
    },
  ]
}
