import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API } from '../../src/contracts/http/api.ts'
import { isOpen, isOpenToReadTokens, type Operation } from '../../src/contracts/http/operation.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const ORIGIN = 'https://shop.example'
const KEY = 'test-admin-key'

let system: System
let shop: ReturnType<typeof openShop>
let order: { orderId: string; readToken: string }

beforeAll(async () => {
  system = await startSystem({ order: { vars: { CORS_ORIGINS: ORIGIN } } })
  shop = openShop(system)
  await shop.stock('P001', 1_000)
  order = (await shop.post('/orders', { items: [{ productId: 'P001', quantity: 1 }] })).body
})

afterAll(() => system.close())

const OPERATIONS: Operation[] = Object.values(API).flat()

/** An address of the call. What it is about need not be there: that is looked at later. */
const addressOf = ({ route }: Operation): string =>
  route.path.replace('{orderId}', order.orderId).replaceAll(/\{\w+\}/g, 'P001')

const send = (operation: Operation, query: string) =>
  shop.call(`${addressOf(operation)}?${query}`, {
    method: operation.route.method.toUpperCase(),
    ...(operation.route.request?.body && { body: {} }),
  })

describe('a query parameter that the call does not know', () => {
  it.each(
    OPERATIONS.filter((operation) => !isOpen(operation)).map(
      (operation) => [operation.route.operationId, operation] as const,
    ),
  )('is refused by %s', async (_, operation) => {
    for (const name of ['colour', ...(isOpenToReadTokens(operation) ? [] : ['token'])]) {
      const refused = await shop.problem(send(operation, `${name}=x`))
      // Some calls also miss a parameter that they need.
      const paths = expect.arrayContaining([`/${name}`])
      expect(refused).toEqual({ status: 422, code: 'validation_failed', paths })
    }
  })

  it.each(OPERATIONS.filter(isOpen).map((operation) => [operation.route.path, operation] as const))(
    'is ignored by the page or probe %s',
    async (_, operation) => {
      const plain = await system.fetch(addressOf(operation))
      const asked = await system.fetch(`${addressOf(operation)}?from=newsletter`)
      const [first, second] = [plain, asked].map(({ status, headers }) => [
        status,
        headers.get('content-type'),
      ])
      expect(second).toEqual(first)
      expect(asked.status).not.toBe(422)
    },
  )

  it('is named with all others, and its value is not repeated', async () => {
    const { body } = await shop.call(`/orders/${order.orderId}?colour=s3cret&a~b=1&colour=blue`)
    expect(body.errors).toEqual([
      { path: '/colour', message: 'is not a known field' },
      { path: '/a~0b', message: 'is not a known field' },
    ])
    expect(JSON.stringify(body)).not.toContain('s3cret')
  })

  it('says nothing about a call to those who may not make it', async () => {
    const answer = await system.fetch('/products/P001?colour=red')
    expect(answer.status).toBe(401)
  })

  it('has no effect: nothing is done', async () => {
    const before = await shop.level('P001')
    const body = { delta: 5 }
    expect((await shop.post('/inventory/P001/adjustments?dryRun=true', body)).status).toBe(422)
    expect(await shop.level('P001')).toEqual(before)
  })

  it.each(['', '/events'])('is none of the read token at /orders/{orderId}%s', async (end) => {
    const address = `/orders/${order.orderId}${end}?token=${order.readToken}`
    expect((await system.fetch(address)).status).toBe(200)
    expect((await system.fetch(`${address}&colour=red`)).status).toBe(422)
    expect((await shop.call(address)).status).toBe(200)
  })
})

describe('a credential', () => {
  const read = async (authorization: string) => {
    const answer = await system.fetch(`/orders/${order.orderId}`, { headers: { authorization } })
    return [answer.status, answer.headers.get('www-authenticate')]
  }

  it.each([`Bearer ${KEY}`, `Bearer    ${KEY}`, `bearer ${KEY}`, `BEARER  ${KEY}`])(
    'is taken as %s',
    async (authorization) => {
      expect(await read(authorization)).toEqual([200, null])
      expect(await read(authorization.replace(KEY, order.readToken))).toEqual([200, null])
    },
  )

  it.each([
    ...[`Bearer ${KEY} and more`, `Bearer ${KEY}, Bearer ${KEY}`, `Bearer ${KEY} ${KEY}`, `Bearer\t${KEY}`],
    ...[`Basic ${KEY}`, `Bearer: ${KEY}`, `Bearer${KEY}`, KEY, 'Bearer', `, Bearer ${KEY}`],
  ])('is refused as %s', async (authorization) => {
    expect(await read(authorization)).toEqual([401, 'Bearer'])
    expect(await read(authorization.replaceAll(KEY, order.readToken))).toEqual([401, 'Bearer'])
  })
})

describe('a page of another origin', () => {
  it('may send every header that reading an order takes, and reads the trace of the answer', async () => {
    for (const operation of OPERATIONS.filter(isOpenToReadTokens)) {
      const headers = { origin: ORIGIN, 'access-control-request-method': 'GET' }
      const asked = await system.fetch(addressOf(operation), { method: 'OPTIONS', headers })
      const allowed = asked.headers.get('access-control-allow-headers')?.split(',') ?? []
      const taken = ['authorization', 'traceparent', ...(operation.headers ?? [])]
      expect(allowed).toEqual(expect.arrayContaining(taken.map((name) => name.toLowerCase())))
      const address = `${addressOf(operation)}?token=${order.readToken}`
      const answer = await system.fetch(address, { headers: { origin: ORIGIN } })
      expect(answer.headers.get('access-control-expose-headers')?.split(',')).toContain('traceparent')
    }
  })
})
