import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { type Received, startReceiver, verified } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>
let receiver: Awaited<ReturnType<typeof startReceiver>>

/**
 * The harness sends what Workers fetch through this process's `fetch`, and forgets that redirects are not to be followed:
 * it would fail at one with a 500 of its own.
 */
const fetchFollowed = globalThis.fetch
vi.stubGlobal('fetch', (url: string, init?: RequestInit) =>
  fetchFollowed(new Request(url, init), { redirect: 'manual' }),
)

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  receiver = await startReceiver()
  await shop.stock('P001', 1_000)
})

afterAll(async () => {
  vi.unstubAllGlobals()
  await system.close()
  await receiver.close()
})

type Registered = { id: string; secret: string }

const ORDER_TYPES = ['OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderSettled', 'PaymentRefunded']

const register = async (path: string, types = ORDER_TYPES): Promise<Registered> => {
  const { status, body } = await shop.post('/webhooks', { url: receiver.url(path), types })
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const received = (path: string, count: number): Promise<readonly Received[]> =>
  eventually(
    () => receiver.at(path),
    (requests) => requests.length >= count,
    { withinMs: 40_000 },
  )

type Delivery = { id: string; type: string; status: string; attempts: number; lastStatus?: number }

const deliveries = async (id: string): Promise<Delivery[]> =>
  (await shop.call(`/webhooks/${id}/deliveries`)).body.items

const deliveryWhere = (id: string, accept: (delivery: Delivery) => boolean) =>
  eventually(
    async () => (await deliveries(id)).find(accept),
    (found) => found !== undefined,
    { withinMs: 40_000 },
  )

describe('a webhook', () => {
  it('gets what was decided and settled, signed, of an order placed right after it was registered', async () => {
    const { id, secret } = await register('/orders')
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    await shop.post(`/orders/${orderId}/cancel`)
    const settled = await shop.settled(orderId)
    const events = (await shop.call(`/orders/${orderId}/events`)).body.events as { type: string }[]
    const wanted = events.filter(({ type }) => ORDER_TYPES.includes(type))
    const requests = await received('/orders', wanted.length)
    const bodies = requests.map((request) => verified(secret, request))
    const byType = (left: { type: string }, right: { type: string }) => (left.type < right.type ? -1 : 1)
    expect(bodies.toSorted(byType)).toEqual(wanted.toSorted(byType))
    expect(settled.status).toBe('cancelled')
    const log = await deliveries(id)
    expect(log.map(({ type }) => type).toSorted()).toEqual(wanted.map(({ type }) => type).toSorted())
    await shop.call(`/webhooks/${id}`, { method: 'DELETE' })
  })

  it('G10: a webhook gets the same id and body again after it responded 500', async () => {
    receiver.script('/again', 500)
    const { id, secret } = await register('/again', ['OrderConfirmed'])
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    const [first, second] = await received('/again', 2)
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second && verified(secret, second)).toMatchObject({ type: 'OrderConfirmed', subject: orderId })
    const delivery = await deliveryWhere(id, ({ status }) => status === 'delivered')
    expect(delivery).toMatchObject({ attempts: 2, lastStatus: 204 })
    expect(first?.headers['webhook-id']).toBe(delivery?.id)
  })

  it('gets a test once, whatever it answers', async () => {
    receiver.script('/tested', 500)
    const { id, secret } = await register('/tested')
    const { body: sent } = await shop.post(`/webhooks/${id}/test`)
    const delivery = await deliveryWhere(id, ({ status }) => status !== 'pending')
    expect(delivery).toMatchObject({ id: sent.id, status: 'failed', attempts: 1, lastStatus: 500 })
    const [request] = receiver.at('/tested')
    expect(request && verified(secret, request)).toMatchObject({ type: 'WebhookTested', subject: id })
  })

  it('that answers 410 is disabled, and takes no more until it is enabled again', async () => {
    receiver.script('/gone', 410)
    const { id } = await register('/gone')
    await shop.post(`/webhooks/${id}/test`)
    const webhook = () => shop.call(`/webhooks/${id}`)
    await eventually(webhook, ({ body }) => body.disabledReason === 'gone')
    expect(await deliveries(id)).toMatchObject([{ status: 'failed', attempts: 1, lastStatus: 410 }])
    expect(await shop.problem(shop.post(`/webhooks/${id}/test`))).toMatchObject({ code: 'webhook_disabled' })
    const enabled = await shop.call(`/webhooks/${id}`, { method: 'PATCH', body: { status: 'enabled' } })
    expect(enabled.body).toMatchObject({ status: 'enabled' })
    expect(enabled.body).not.toHaveProperty('disabledReason')
    expect((await shop.post(`/webhooks/${id}/test`)).status).toBe(202)
    await received('/gone', 2)
  })

  it('is not followed to where it redirects', async () => {
    receiver.script('/moved', 307)
    const { id } = await register('/moved')
    await shop.post(`/webhooks/${id}/test`)
    const delivery = await deliveryWhere(id, ({ lastStatus }) => lastStatus !== undefined)
    expect(delivery).toMatchObject({ status: 'failed', attempts: 1, lastStatus: 307 })
    expect(receiver.at('/elsewhere')).toEqual([])
  })

  it('gets requests that both secrets verify while the old one is valid, and the new one alone after', async () => {
    const { id, secret: old } = await register('/rotated')
    const { body: rotated } = await shop.post(`/webhooks/${id}/rotate`, { overlapSeconds: 3_600 })
    await shop.post(`/webhooks/${id}/test`)
    const [both] = await received('/rotated', 1)
    if (both === undefined) throw new Error('nothing came')
    expect(verified(old, both)).toEqual(verified(rotated.secret, both))
    expect(rotated).toMatchObject({ oldSecretExpiresAt: expect.any(String) })
    const { body: again } = await shop.post(`/webhooks/${id}/rotate`, { overlapSeconds: 0 })
    await shop.post(`/webhooks/${id}/test`)
    const last = (await received('/rotated', 2)).at(-1)
    if (last === undefined) throw new Error('nothing came')
    expect(verified(again.secret, last)).toMatchObject({ type: 'WebhookTested' })
    expect(() => verified(rotated.secret, last)).toThrow('No matching signature')
  })

  it('waits for no other one that does not answer', async () => {
    receiver.script('/mute', 0)
    const mute = await register('/mute')
    const { id } = await register('/lively')
    await shop.post(`/webhooks/${mute.id}/test`)
    await received('/mute', 1)
    await shop.post(`/webhooks/${id}/test`)
    await deliveryWhere(id, ({ status }) => status === 'delivered')
    expect(await deliveries(mute.id)).toMatchObject([{ status: 'pending', attempts: 1 }])
    expect((await deliveries(mute.id))[0]).not.toHaveProperty('lastError')
  })

  it('G10: a delivery that is resent comes again under its id', async () => {
    const { id } = await register('/resent')
    await shop.post(`/webhooks/${id}/test`)
    const delivery = await deliveryWhere(id, ({ status }) => status === 'delivered')
    const { status } = await shop.post(`/webhooks/${id}/deliveries/${delivery?.id}/resend`)
    const requests = await received('/resent', 2)
    expect(status).toBe(202)
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([delivery?.id, delivery?.id])
    expect(requests[1]?.body).toBe(requests[0]?.body)
  })

  it('shows since when a dead receiver fails, and gets what it missed once it is back', async () => {
    receiver.script('/dead', 503, 503)
    const { id } = await register('/dead', ['OrderConfirmed'])
    const since = new Date(Date.now() - 60_000).toISOString()
    await Promise.all([1, 2].map(() => shop.place([{ productId: 'P001', quantity: 1 }])))
    const webhook = () => shop.call(`/webhooks/${id}`).then(({ body }) => body)
    const dead = await eventually(webhook, ({ health }) => health.consecutiveFailures === 2)
    expect(dead.health).toEqual({
      ...{ status: 'failing', consecutiveFailures: 2, lastStatus: 503, pending: 2, failed: 0 },
      ...{ failingSince: expect.any(String), nextTryAt: expect.any(String) },
    })
    const failing = (await shop.call('/webhooks?health=failing&limit=100')).body.items as { id: string }[]
    expect(failing.map((each) => each.id)).toContain(id)

    const disable = { method: 'PATCH', body: { status: 'disabled' } }
    await shop.call(`/webhooks/${id}`, disable)
    expect((await shop.call(`/webhooks/${id}/deliveries?status=failed`)).body.items).toHaveLength(2)
    expect((await shop.call(`/webhooks/${id}/deliveries?status=pending`)).body.items).toEqual([])
    const resend = (body: object) => shop.post(`/webhooks/${id}/resend`, { since, ...body })
    const planned = await resend({ dryRun: true })
    expect([planned.status, planned.body]).toEqual([200, { dryRun: true, count: 2, hasMore: false }])
    expect(await shop.problem(resend({}))).toMatchObject({ status: 409, code: 'webhook_disabled' })

    await shop.call(`/webhooks/${id}`, { method: 'PATCH', body: { status: 'enabled' } })
    const key = { 'idempotency-key': 'resend-dead' }
    const first = await shop.post(`/webhooks/${id}/resend`, { since, limit: 1 }, key)
    const repeated = await shop.post(`/webhooks/${id}/resend`, { since, limit: 1 }, key)
    expect([first.status, first.body]).toEqual([202, { dryRun: false, count: 1, hasMore: true }])
    expect([repeated.status, repeated.body]).toEqual([first.status, first.body])
    expect((await resend({})).body).toEqual({ dryRun: false, count: 1, hasMore: false })
    const well = await eventually(
      webhook,
      ({ health }) => health.pending + health.failed === 0 && health.status === 'healthy',
    )
    expect(well.health).toEqual({ status: 'healthy', consecutiveFailures: 0, pending: 0, failed: 0 })
    expect((await shop.call(`/webhooks/${id}/deliveries?status=delivered`)).body.items).toHaveLength(2)
  })

  it('G10: a webhook gets what it did not take before the system was killed', async () => {
    receiver.script('/killed', 500)
    const { id } = await register('/killed', ['OrderConfirmed'])
    await shop.place([{ productId: 'P001', quantity: 1 }])
    await deliveryWhere(id, ({ lastStatus }) => lastStatus === 500)
    await system.restart()
    await received('/killed', 2)
    await deliveryWhere(id, ({ status }) => status === 'delivered')
  })

  it("gets its own client's orders and no other client's", async () => {
    const key = async (client: string) => {
      const scopes = ['orders:read', 'orders:write']
      const { body } = await shop.post('/keys', { client, scopes })
      return { authorization: `Bearer ${body.key}` }
    }
    const [mine, theirs] = [await key('mine'), await key('theirs')]
    const wanted = { url: receiver.url('/mine'), types: ['OrderConfirmed'] }
    const { status, body } = await shop.post('/webhooks', wanted, mine)
    expect([status, body.hears]).toEqual([201, 'own'])
    const order = { items: [{ productId: 'P001', quantity: 1 }] }
    const { body: other } = await shop.post('/orders', order, theirs)
    await shop.settled(other.orderId)
    const { body: own } = await shop.post('/orders', order, mine)
    const [request] = await received('/mine', 1)
    expect(request && verified(body.secret, request)).toMatchObject({ subject: own.orderId })
    expect(receiver.at('/mine')).toHaveLength(1)
    const peeks = [`/webhooks/${body.id}`, `/webhooks/${body.id}/deliveries`].map((path) =>
      shop.problem(shop.call(path, { headers: theirs })),
    )
    expect((await Promise.all(peeks)).map(({ code }) => code)).toEqual([
      'webhook_not_found',
      'webhook_not_found',
    ])
    const stock = await shop.problem(shop.post('/webhooks', { ...wanted, types: ['StockDepleted'] }, mine))
    expect(stock).toMatchObject({ status: 403, code: 'forbidden' })
  })

  it('gets what happens to the stock', async () => {
    const { secret } = await register('/stock', ['StockDepleted', 'StockReplenished'])
    await shop.stock('RARE', 1)
    const [request] = await received('/stock', 1)
    expect(request && verified(secret, request)).toMatchObject({ type: 'StockReplenished', subject: 'RARE' })
  })
})

describe('registering a webhook', () => {
  it.each([
    'https://10.0.0.1/hook',
    'https://167772161/hook',
    'https://[::ffff:169.254.169.254]/hook',
    'https://metadata.google.internal/',
    'http://shop.example/hook',
    'https://user:secret@shop.example/hook',
    'https://shop.example:25/hook',
    'not a url',
  ])('is refused for %s', async (url) => {
    const refused = await shop.problem(shop.post('/webhooks', { url, types: ['OrderSettled'] }))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/url'] })
  })

  it('is refused without a type, with an unknown one, and with a weak secret', async () => {
    const url = 'https://shop.example/hook'
    const bodies = [
      { url, types: [] },
      { url, types: ['OrderPlaced'] },
      { url, types: ['OrderSettled'], secret: 'whsec_c2hvcnQ=' },
    ]
    const refused = await Promise.all(bodies.map((body) => shop.problem(shop.post('/webhooks', body))))
    expect(refused.map(({ status, paths }) => [status, paths])).toEqual([
      [422, ['/types']],
      [422, ['/types/0']],
      [422, ['/secret']],
    ])
  })

  it('twice under one key is one webhook, whose secret is shown once', async () => {
    const body = { url: receiver.url('/once'), types: ['OrderSettled'] }
    const key = { 'idempotency-key': 'hook-1' }
    const first = await shop.post('/webhooks', body, key)
    const second = await shop.post('/webhooks', body, key)
    const { secret, ...rest } = first.body
    expect(secret).toMatch(/^whsec_/)
    expect([second.status, second.body, second.headers.get('idempotency-replayed')]).toEqual([
      201,
      rest,
      'true',
    ])
    expect((await shop.call(`/webhooks/${first.body.id}`)).body).toMatchObject(rest)
  })

  it('is answered 201 once it is enabled, and so is enabling it again', async () => {
    const body = { url: receiver.url('/enabled'), types: ORDER_TYPES }
    const registered = await shop.post('/webhooks', body)
    expect([registered.status, registered.body.status]).toEqual([201, 'enabled'])
    const change = (status: string) =>
      shop.call(`/webhooks/${registered.body.id}`, { method: 'PATCH', body: { status } })
    const disabled = await change('disabled')
    const again = await change('enabled')
    expect([disabled, again].map(({ status, body: { status: said } }) => [status, said])).toEqual([
      [200, 'disabled'],
      [200, 'enabled'],
    ])
  })

  it('can be undone: it is gone with its deliveries', async () => {
    const { id } = await register('/undone')
    expect((await shop.call(`/webhooks/${id}`, { method: 'DELETE' })).status).toBe(204)
    const answers = ['', '/deliveries'].map((path) => shop.problem(shop.call(`/webhooks/${id}${path}`)))
    expect((await Promise.all(answers)).map(({ code }) => code)).toEqual([
      'webhook_not_found',
      'webhook_not_found',
    ])
  })

  it('is answered 202 while an order partition cannot store what it wants, and it is enabled once that can', async () => {
    const { items } = (await shop.call('/webhooks?limit=100')).body as { items: Registered[] }
    for (const { id } of items) await shop.call(`/webhooks/${id}`, { method: 'DELETE' })
    const rename = async (from: string, to: string) =>
      (await system.storage('order', 'OrderObject', { name: 'orders-0' })).exec(
        `ALTER TABLE ${from} RENAME TO ${to}`,
      )
    await rename('wanted', 'wanted_elsewhere')
    const body = { url: receiver.url('/late'), types: ORDER_TYPES }
    const key = { 'idempotency-key': 'late' }
    const first = await shop.post('/webhooks', body, key)
    expect([first.status, first.body.status]).toEqual([202, 'pending'])
    await rename('wanted_elsewhere', 'wanted')
    const find = () => shop.call(`/webhooks/${first.body.id}`)
    await eventually(find, (answer) => answer.body.status === 'enabled', { withinMs: 40_000 })
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    const [request] = await received('/late', 1)
    expect(request && verified(first.body.secret, request)).toMatchObject({ subject: orderId })
    const again = await shop.post('/webhooks', body, key)
    const { secret: _shownOnce, ...view } = first.body
    expect([again.status, again.body]).toEqual([202, view])
  })
})
