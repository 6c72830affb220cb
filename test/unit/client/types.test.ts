import { expect, expectTypeOf, it } from 'vitest'
import {
  type Client,
  type components,
  createClient,
  type Order,
  orThrow,
} from '../../../packages/client/src/index.ts'

/** Never run: `npm run check` compiles it, and each `@ts-expect-error` fails where the line has become right. */
const mistakes = async (client: Client) => {
  // @ts-expect-error an order has items
  await client.POST('/orders', { body: {} })
  // @ts-expect-error a quantity is a number
  await client.placeOrder({ items: [{ productId: 'P001', quantity: '1' }] })
  // @ts-expect-error there is no such field
  await client.placeOrder({ items: [], colour: 'red' })
  // @ts-expect-error the order is to be named
  await client.GET('/orders/{orderId}')
  // @ts-expect-error there is no such address
  await client.GET('/order')
  // @ts-expect-error orders are not read with PUT
  await client.PUT('/orders')
  // @ts-expect-error there is no such status
  await client.GET('/orders', { params: { query: { status: 'done' } } })
  // @ts-expect-error there is no such option
  await client.GET('/orders', { parms: { query: { limit: 1 } } })
  // @ts-expect-error a webhook has no such field
  await client.PATCH('/webhooks/{id}', { params: { path: { id: 'wh_1' } }, body: { active: false } })
  // @ts-expect-error a key or a token, not both
  createClient({ url: 'http://shop.test', key: 'k', token: 't' })
}

const answers = async (client: Client) => {
  const params = { path: { orderId: 'ord_1' } }
  const { data, error } = await client.POST('/orders/{orderId}/cancel', { params })
  expectTypeOf(await orThrow(client.GET('/orders/{orderId}', { params }))).toEqualTypeOf<Order>()
  if (error === undefined) return expectTypeOf(data).toEqualTypeOf<Order>()
  if (error.status === 409)
    expectTypeOf(error.code).toEqualTypeOf<'order_not_cancellable' | 'order_id_ambiguous'>()
  // @ts-expect-error a cancellation has no price
  return error.code === 'price_mismatch'
}

type Webhook = components['schemas']['Webhook']

const conditional = async (client: Client) => {
  const path = { orderId: 'ord_1' }
  const read = client.GET('/orders/{orderId}', { params: { path } })
  expectTypeOf(await orThrow(read)).toEqualTypeOf<Order>()
  const header = { 'If-None-Match': '"3"' }
  const changed = client.GET('/orders/{orderId}', { params: { path, header } })
  expectTypeOf(await orThrow(changed)).toEqualTypeOf<Order | undefined>()
}

const everyKind = async (client: Client) => {
  const params = { path: { id: 'wh_1' } }
  const changed = client.PATCH('/webhooks/{id}', { params, body: { status: 'disabled' } })
  expectTypeOf(await orThrow(changed)).toEqualTypeOf<Webhook>()
  expectTypeOf(await orThrow(client.DELETE('/webhooks/{id}', { params }))).toEqualTypeOf<undefined>()
  expectTypeOf(await orThrow(client.GET('/docs'))).toEqualTypeOf<string>()
  expectTypeOf(await orThrow(client.GET('/readyz'))).toEqualTypeOf<components['schemas']['Readiness']>()
}

it('refuses wrong calls when it is compiled, and knows which problems each call can meet', () => {
  expect([mistakes, answers, conditional, everyKind]).toHaveLength(4)
})
