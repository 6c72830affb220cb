import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { EventSource } from 'eventsource'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEvents } from '../support/event-stream.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const ORIGIN = 'https://shop.example'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem({ order: { vars: { CORS_ORIGINS: `${ORIGIN},https://m.shop.example` } } })
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

afterAll(() => system.close())

const open = (path: string, headers: Record<string, string> = {}) =>
  system.fetch(path, { headers: { accept: 'text/event-stream', ...headers } })

const withKey = { authorization: 'Bearer test-admin-key' }

const place = async (token = 'pm_card_visa') => {
  const { status, body } = await shop.post('/orders', {
    items: [{ productId: 'P001', quantity: 1 }],
    payment: { token },
  })
  expect(status).toBe(202)
  return { orderId: String(body.orderId), readToken: String(body.readToken) }
}

const history = async (orderId: string) => {
  const { body } = await shop.call(`/orders/${orderId}/events`)
  return body.events.map((event: { id: string; type: string }) => ({
    id: event.id,
    type: event.type,
    data: event,
  }))
}

describe('the live stream of an order', () => {
  it('begins before the decision and ends when the order is settled, without gap or payment token', async () => {
    const { orderId } = await place('pm_sim_slow')
    const response = await open(`/orders/${orderId}/events`, withKey)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    })
    const events = await readEvents(response)
    expect(events.at(-1)?.type).toBe('OrderSettled')
    expect(events).toEqual(await history(orderId))
    expect(JSON.stringify(events)).not.toContain('pm_sim_slow')
  })

  it('goes on after the last event that the client has seen, without gap or duplicate', async () => {
    const { orderId } = await place('pm_sim_slow')
    const seen = await readEvents(await open(`/orders/${orderId}/events`, withKey), 2)
    const resumed = await open(`/orders/${orderId}/events`, {
      ...withKey,
      'last-event-id': seen[1]?.id ?? '',
    })
    expect([...seen, ...(await readEvents(resumed))]).toEqual(await history(orderId))
  })

  it('of a settled order is its events and the end; a reader that has seen them all is stopped from reconnecting', async () => {
    const { orderId } = await place()
    await shop.settled(orderId)
    const events = await readEvents(await open(`/orders/${orderId}/events`, withKey))
    expect(events).toEqual(await history(orderId))
    const again = await open(`/orders/${orderId}/events`, {
      ...withKey,
      'last-event-id': events.at(-1)?.id ?? '',
    })
    expect([again.status, await again.text()]).toEqual([204, ''])
    const lost = await open(`/orders/${orderId}/events`, { ...withKey, 'last-event-id': 'unheard-of' })
    expect(await readEvents(lost)).toEqual(events)
  })

  it('stays open after a cancellation until that is settled too', async () => {
    const { orderId } = await place()
    await shop.settled(orderId)
    const before = await history(orderId)
    await shop.post(`/orders/${orderId}/cancel`)
    const stream = await open(`/orders/${orderId}/events`, { ...withKey, 'last-event-id': before.at(-1).id })
    const events = await readEvents(stream)
    expect([...before, ...events]).toEqual(await history(orderId))
    expect(events.at(-1)?.type).toBe('OrderSettled')
  })

  it('is only for who asks for it, and 404 for an order that is not there', async () => {
    const { orderId } = await place()
    const path = `/orders/${orderId}/events`
    const types = ['application/json', '*/*', 'text/event-stream;q=0.5, application/json']
    const answers = await Promise.all(types.map((accept) => open(path, { ...withKey, accept })))
    expect(answers.map((answer) => answer.headers.get('content-type'))).toEqual(
      types.map(() => 'application/json'),
    )
    expect((await open(`${path.replace(orderId, 'ord_0_none')}`, withKey)).status).toBe(404)
  })
})

describe('the page that the documents show', () => {
  const documents = readFileSync(resolve(import.meta.dirname, '../../docs/api.md'), 'utf8')
  const [, snippet = ''] = /```js\n(const followOrder = [\s\S]*?)```/.exec(documents) ?? []
  class BrowserEventSource extends EventSource {
    constructor(address: string) {
      super(address, { fetch: (input, { headers }) => system.fetch(String(input), { headers }) })
    }
  }
  type FollowOrder = (api: string, order: unknown, onEvent: (event: { type: string }) => void) => () => void
  const followOrder: FollowOrder = new Function('EventSource', `${snippet}\nreturn followOrder`)(
    BrowserEventSource,
  )

  it('follows its order with nothing but the read token', async () => {
    const types: string[] = []
    const order = await place('pm_sim_slow')
    followOrder('http://localhost', order, ({ type }) => types.push(type))
    await eventually(
      () => types,
      (seen) => seen.includes('OrderSettled'),
    )
    expect(types).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderSettled'])
  })
})

describe('a read token', () => {
  it('opens its order and its events, in the address or in the header', async () => {
    const { orderId, readToken } = await place()
    const { client: _operatorsOnly, ...order } = await shop.settled(orderId)
    const inAddress = await system.fetch(`/orders/${orderId}?token=${readToken}`)
    expect([inAddress.status, await inAddress.json()]).toEqual([200, order])
    const inHeader = await system.fetch(`/orders/${orderId}`, {
      headers: { authorization: `Bearer ${readToken}` },
    })
    expect(await inHeader.json()).toEqual(order)
    const events = await readEvents(await open(`/orders/${orderId}/events?token=${readToken}`))
    expect(events).toEqual(await history(orderId))
  })

  it('opens no other order, and does nothing but read', async () => {
    const { readToken } = await place()
    const { orderId } = await place()
    const authorization = `Bearer ${readToken}`
    const refused = await Promise.all([
      system.fetch(`/orders/${orderId}?token=${readToken}`),
      open(`/orders/${orderId}/events?token=${readToken}`),
      system.fetch(`/orders?token=${readToken}`),
      system.fetch('/orders', { headers: { authorization } }),
      system.fetch('/payments', { headers: { authorization } }),
      system.fetch(`/orders/${orderId}/cancel?token=${readToken}`, { method: 'POST' }),
      system.fetch(`/orders/${orderId}/cancel`, { method: 'POST', headers: { authorization } }),
    ])
    expect(refused.map((response) => response.status)).toEqual(refused.map(() => 401))
  })

  it('cancels not even its own order', async () => {
    const { orderId, readToken } = await place()
    const cancel = system.fetch(`/orders/${orderId}/cancel?token=${readToken}`, { method: 'POST' })
    expect((await cancel).status).toBe(401)
  })

  it('is not a place for keys', async () => {
    const { orderId } = await place()
    const response = await system.fetch(`/orders/${orderId}?token=test-admin-key`)
    expect(
      await shop.problem(response.json().then((body) => ({ status: response.status, body }))),
    ).toMatchObject({
      ...{ status: 401, code: 'unauthorized' },
    })
  })

  it('is the same in a repeated answer', async () => {
    const body = { items: [{ productId: 'P001', quantity: 1 }] }
    const headers = { 'idempotency-key': 'same-token' }
    const first = await shop.post('/orders', body, headers)
    const second = await shop.post('/orders', body, headers)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(second.body).toEqual(first.body)
    const { body: order } = await shop.call(`/orders/${first.body.orderId}`)
    expect(order).not.toHaveProperty('readToken')
  })

  it('is in no log', async () => {
    const { orderId, readToken } = await place()
    await system.fetch(`/orders/${orderId}?token=${readToken}x`)
    await system.fetch(`/orders/${orderId}?token=${readToken}`)
    expect(system.logs().join('\n')).not.toContain(readToken)
  })
})

describe('a page of another origin', () => {
  const preflight = (path: string, origin: string) =>
    system.fetch(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'last-event-id',
      },
    })
  const allowed = ({ headers }: { headers: { get(name: string): string | null } }) =>
    headers.get('access-control-allow-origin')

  it('may read an order and its events where it is on the list', async () => {
    const { orderId, readToken } = await place()
    for (const path of [`/orders/${orderId}`, `/orders/${orderId}/events`]) {
      const asked = await preflight(path, ORIGIN)
      expect([asked.status, allowed(asked)]).toEqual([204, ORIGIN])
      expect(asked.headers.get('access-control-allow-methods')).toBe('GET')
      expect(asked.headers.get('access-control-allow-headers')).toContain('last-event-id')
      const read = await system.fetch(`${path}?token=${readToken}`, { headers: { origin: ORIGIN } })
      expect([read.status, allowed(read)]).toEqual([200, ORIGIN])
      expect(read.headers.get('vary')?.toLowerCase()).toContain('origin')
      await read.body?.cancel()
    }
  })

  it('gets the refusal, so that it can show why', async () => {
    const { orderId } = await place()
    const read = await system.fetch(`/orders/${orderId}?token=rt_0.forged`, { headers: { origin: ORIGIN } })
    expect([read.status, allowed(read)]).toEqual([401, ORIGIN])
  })

  it.each(['https://evil.example', 'null', `${ORIGIN}.evil.example`, 'http://shop.example'])(
    'may not where it is %s',
    async (origin) => {
      const { orderId, readToken } = await place()
      expect(allowed(await preflight(`/orders/${orderId}`, origin))).toBeNull()
      const read = await system.fetch(`/orders/${orderId}?token=${readToken}`, { headers: { origin } })
      expect(allowed(read)).toBeNull()
      expect(read.headers.get('vary')?.toLowerCase()).toContain('origin')
    },
  )

  it('may do nothing else', async () => {
    const { orderId } = await place()
    const paths = ['/orders', `/orders/${orderId}/cancel`, '/products', '/payments']
    expect((await Promise.all(paths.map((path) => preflight(path, ORIGIN)))).map(allowed)).toEqual(
      paths.map(() => null),
    )
  })
})
