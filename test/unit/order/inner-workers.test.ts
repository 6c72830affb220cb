import { timingSafeEqual } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { createOrderApp } from '../../../workers/order/app.ts'
import { createCatalogue } from '../../../workers/order/catalogue.ts'
import { createKeyRing } from '../../../workers/order/edge/keys/key-ring.ts'

const KEY = 'test-admin-key'

const RUN_ALL =
  'run all four Workers with `npm start`, or with `X_LOCAL_EXPLORER=false npx wrangler dev --persist-to .wrangler/state -c wrangler.toml -c workers/inventory/wrangler.toml -c workers/payment/wrangler.toml -c workers/operations/wrangler.toml`, or deploy all four with `npm run deploy`.'

const ALONE = `The Workers inventory, payment, operations are not connected: ${RUN_ALL}`

const NOT_RUNNING = 'Worker "edge-orders-payment" not found. Make sure it is running locally.'

/** As the local server answers in place of a Worker that does not run. */
const absent = () => ({
  fetch: async () => new Response(NOT_RUNNING, { status: 503 }),
  handle: async () => {
    throw new Error(NOT_RUNNING)
  },
})

const present = (asked: string[] = []) => {
  const answer = async (request: Request) => {
    asked.push(new URL(request.url).pathname)
    return Response.json({ ready: true, problems: [] })
  }
  return { fetch: answer, handle: answer }
}

/** The order Worker with these bindings, as one isolate keeps it. */
const worker = (bindings: object) => {
  const app = createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), () => undefined)
  const env = { BOOTSTRAP_KEY: KEY, ORDER_PARTITIONS: '2', ...bindings }
  return async (path: string) => {
    const response = await app.request(path, { headers: { authorization: `Bearer ${KEY}` } }, env)
    return { status: response.status, text: await response.text() }
  }
}

const LOCAL = { INVENTORY: absent(), PAYMENT: absent(), OPERATIONS: absent() }

/** workerd has it there, Node elsewhere. */
beforeAll(() => {
  Object.assign(crypto.subtle, { timingSafeEqual })
})

describe('an order Worker that runs alone', () => {
  it.each(['/orders', '/products', '/payments', '/docs', '/openapi.json', '/nothing'])(
    'refuses %s, and says in one sentence what is missing and how to get it',
    async (path) => {
      const { status, text } = await worker(LOCAL)(path)
      expect(status).toBe(503)
      expect(JSON.parse(text)).toMatchObject({ code: 'misconfigured', detail: ALONE })
    },
  )

  it('says the same where it was deployed without the bindings to the others', async () => {
    const { status, text } = await worker({})('/orders')
    expect([status, JSON.parse(text).detail]).toEqual([503, ALONE])
  })

  it('is alive', async () => {
    expect(await worker(LOCAL)('/healthz')).toEqual({ status: 200, text: '{"status":"ok"}' })
  })

  it.each([
    ['locally', LOCAL],
    ['in a deployment', {}],
  ])('is not ready %s, and says once how to get the others', async (_where, bindings) => {
    const { status, text } = await worker({ ...bindings, BOOTSTRAP_KEY: undefined })('/readyz')
    expect(status).toBe(503)
    expect(JSON.parse(text).workers).toEqual({
      order: {
        ready: false,
        problems: [ALONE, expect.stringContaining('BOOTSTRAP_KEY is a required secret')],
        warnings: [expect.stringContaining('STORAGE_KEY is not set')],
      },
      inventory: { ready: false, problems: ['is not connected'] },
      payment: { ready: false, problems: ['is not connected'] },
      operations: { ready: false, problems: ['is not connected'] },
    })
  })
})

describe('an order Worker that some others are connected to', () => {
  it('names the one that a request would need', async () => {
    const ask = worker({ ...LOCAL, INVENTORY: present() })
    const { status, text } = await ask('/payments')
    expect([status, JSON.parse(text).detail]).toEqual([
      503,
      `The payment Worker is not connected: ${RUN_ALL}`,
    ])
    expect((await ask('/inventory')).status).toBe(200)
  })

  it('reports a failure of the one that it calls as a failure, not as an absence', async () => {
    const failing = { ...present(), handle: () => Promise.reject(new Error('the isolate was reset')) }
    const { status, text } = await worker({ ...LOCAL, PAYMENT: failing })('/payments')
    expect([status, JSON.parse(text).code]).toEqual([500, 'internal_error'])
  })

  it('looks for them once, not at every request', async () => {
    const asked: string[] = []
    const ask = worker({ ...LOCAL, INVENTORY: present(asked) })
    await ask('/nothing')
    await ask('/nothing')
    await ask('/inventory')
    expect(asked).toEqual(['/healthz', '/inventory'])
  })

  it('serves as soon as the first of them starts', async () => {
    const bindings = { ...LOCAL }
    const app = createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), () => undefined)
    expect((await app.request('/docs', {}, bindings)).status).toBe(503)
    expect((await app.request('/docs', {}, { ...bindings, OPERATIONS: present() })).status).toBe(200)
  })
})
