import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessTeam } from '../support/access-team.ts'
import { OWN_FORM, openConsole, signIn } from '../support/console-session.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const KEY = 'test-admin-key'
const PAGES = [
  '',
  '/orders',
  '/dead-letters',
  '/inventory',
  '/payments',
  '/webhooks',
  '/audit-log',
  '/keys',
  '/health',
  '/shop',
]

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
})

afterAll(() => system.close())

const newKey = async (scopes: string[]) => {
  const made = await shop.post('/keys', { client: 'operator', scopes })
  return made.body as { id: string; key: string }
}

it('there is a shop in a demo alone', async () => {
  const { cookie } = await signIn(system, KEY)
  const { status, text } = await openConsole(system, cookie).call('/console/shop')
  expect(status).toBe(404)
  expect(text).toContain('Only a demo has drills')
  expect(text).not.toContain('href="/console/shop"')
})

describe('a session of the console', () => {
  it('is a sealed cookie that no script reads and no other site sends, and has no key in it', async () => {
    const { status, to, said } = await signIn(system, KEY)
    expect({ status, to }).toEqual({ status: 303, to: '/console' })
    expect(said).toMatch(/^console=sealed\.[0-9a-f]{16}\./)
    expect(said).toMatch(/; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(said).not.toContain(KEY)
  })

  it('is refused for a wrong key', async () => {
    const { status, said } = await signIn(system, 'no such key')
    expect({ status, said }).toEqual({ status: 401, said: '' })
  })

  it.each(PAGES)('is needed for /console%s', async (page) => {
    for (const cookie of ['', 'console=sealed.0123456789abcdef.AAAA', 'console=nonsense']) {
      const { status, to } = await openConsole(system, cookie).call(`/console${page}`)
      expect({ status, to }).toEqual({ status: 303, to: '/console/sign-in' })
    }
  })

  it('with one changed character opens nothing', async () => {
    const { cookie } = await signIn(system, KEY)
    const middle = cookie.length - 20
    const forged = cookie.slice(0, middle) + (cookie[middle] === 'A' ? 'B' : 'A') + cookie.slice(middle + 1)
    expect(await openConsole(system, cookie).call('/console')).toMatchObject({ status: 200 })
    expect(await openConsole(system, forged).call('/console')).toMatchObject({
      status: 303,
      to: '/console/sign-in',
    })
  })

  it('ends with its key', async () => {
    const { id, key } = await newKey(['operations', 'orders:read'])
    const { cookie } = await signIn(system, key)
    expect(await openConsole(system, cookie).call('/console')).toMatchObject({ status: 200 })
    await shop.call(`/keys/${id}`, { method: 'DELETE' })
    expect(await openConsole(system, cookie).call('/console')).toMatchObject({
      status: 303,
      to: '/console/sign-in',
    })
  })

  it('opens no call of the API', async () => {
    const { cookie } = await signIn(system, KEY)
    expect(await openConsole(system, cookie).call('/orders')).toMatchObject({ status: 401 })
  })

  it('shows what the scopes of its key allow', async () => {
    const { key } = await newKey(['inventory:read'])
    const { cookie } = await signIn(system, key)
    const console = openConsole(system, cookie)
    expect(await console.call('/console/inventory')).toMatchObject({ status: 200 })
    const refused = await console.call('/console/dead-letters')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('This call needs a key with the scope operations.')
  })
})

const sumsOf = (periods: Record<string, number>[]) => {
  const sumOf = (name: string) => periods.reduce((sum, each) => sum + (each[name] ?? 0), 0)
  return { placed: sumOf('placed'), confirmed: sumOf('confirmed'), rejected: sumOf('rejected') }
}

describe('the overview', () => {
  it('has the last hour by the minute at its first load, in the figures of the API', async () => {
    await shop.stock('P001', 10)
    await shop.settled(await shop.place([{ productId: 'P001', quantity: 1 }]))
    await shop.settled(await shop.place([{ productId: 'P001', quantity: 1 }], 'pm_card_declined'))
    const sums = await eventually(
      async () => {
        const { body } = await shop.call('/metrics/history')
        return sumsOf(body.minutes)
      },
      ({ confirmed, rejected }) => confirmed > 0 && rejected > 0,
      { withinMs: 20_000 },
    )
    const day = (await shop.call('/metrics/day')).body
    expect(day.halfHours).toHaveLength(48)
    expect(sumsOf(day.halfHours)).toEqual(sums)
    const { key } = await newKey(['operations', 'orders:read'])
    const { cookie } = await signIn(system, key)
    const { text } = await openConsole(system, cookie).call('/console')
    const history = JSON.parse(/data-history="([^"]*)"/.exec(text)?.[1] ?? '[]') as number[][]
    const [times = [], ...columns] = history
    expect(times).toHaveLength(60)
    expect(columns.map((column) => column.reduce((sum, count) => sum + count, 0)).slice(0, 2)).toEqual([
      sums.confirmed,
      sums.rejected,
    ])
  })
})

describe('a form of the console', () => {
  it.each([
    { from: 'another site', headers: { 'sec-fetch-site': 'cross-site' } },
    { from: 'a sibling domain', headers: { 'sec-fetch-site': 'same-site' } },
    { from: 'another origin, by an older browser', headers: { origin: 'https://evil.example' } },
    { from: 'no page', headers: {} },
  ])('is refused when it comes from $from', async ({ headers }) => {
    const { cookie } = await signIn(system, KEY)
    for (const path of ['/console/sign-in', '/console/orders/ord_0_x/cancel']) {
      const { status } = await openConsole(system, cookie).send(path, { key: KEY }, headers)
      expect(status).toBe(403)
    }
  })

  it('cancels an order, once for all copies of the form', async () => {
    await shop.stock('P001', 10)
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    const { cookie } = await signIn(system, KEY)
    const form = { reason: 'a wrong price', attempt: 'cancel-once' }
    for (const _copy of [1, 2]) {
      const { status, to } = await openConsole(system, cookie).send(`/console/orders/${orderId}/cancel`, form)
      expect({ status, to }).toEqual({ status: 303, to: `/console/orders/${orderId}?done=cancelled` })
    }
    const { status, reason } = await shop.read(orderId)
    expect({ status, reason: reason?.code }).toEqual({ status: 'cancelled', reason: 'cancelled_by_client' })
  })

  it('makes a key and shows it once: a copy of the form makes no other, and shows none', async () => {
    const { cookie } = await signIn(system, KEY)
    const operator = openConsole(system, cookie)
    const form = new URLSearchParams({ client: 'till', openOrders: '5', openUnits: '9', attempt: 'key-once' })
    for (const scope of ['orders:read', 'orders:write']) form.append('scope', scope)
    const [made, copied] = [
      await operator.send('/console/keys', form),
      await operator.send('/console/keys', form),
    ]
    const [key = ''] = /eo_\w+/.exec(made.text) ?? []
    expect(await openShop(system, key).call('/orders')).toMatchObject({ status: 200 })
    expect(copied).toMatchObject({ status: 200, text: expect.stringContaining('It was shown once already.') })
    expect(copied.text).not.toContain(key)
    const { text } = await operator.call('/console/keys')
    expect(text).not.toContain(key)
    const { body } = await shop.call('/keys')
    const ofTill = body.items.filter(({ client }: { client: string }) => client === 'till')
    expect(ofTill).toMatchObject([
      { scopes: ['orders:read', 'orders:write'], bounds: { openOrders: 5, openUnits: 9 } },
    ])
  })

  it('makes a product, and leaves one that is there as it is', async () => {
    const { cookie } = await signIn(system, KEY)
    const operator = openConsole(system, cookie)
    const form = { productId: 'K1', name: 'Kettle', unitPrice: '30', currency: 'USD' }
    const [made, again] = [
      await operator.send('/console/inventory', form),
      await operator.send('/console/inventory', { ...form, unitPrice: '1' }),
    ]
    expect([made.to, again.to]).toEqual([
      '/console/inventory/K1?done=put',
      '/console/inventory/K1?done=exists',
    ])
    const changed = await operator.send('/console/inventory/K1/change', { ...form, unitPrice: '29.5' })
    expect(changed.to).toBe('/console/inventory/K1?done=put')
    expect((await shop.call('/products/K1')).body).toMatchObject({ name: 'Kettle', unitPrice: 29.5 })
    const refused = await operator.send('/console/inventory', { ...form, productId: 'a b', unitPrice: '1' })
    expect(refused.status).toBe(422)
  })

  it('changes the events of a webhook, and leaves its address unchecked where it stays', async () => {
    const url = 'http://127.0.0.1:9/hook'
    const { id } = (await shop.post('/webhooks', { url, types: ['StockDepleted'] })).body
    const { cookie } = await signIn(system, KEY)
    const operator = openConsole(system, cookie)
    const page = `/console/webhooks/${id}`
    const form = { url, wasUrl: url, type: 'StockReplenished' }
    expect((await operator.send(`${page}/change`, form)).to).toBe(`${page}?done=changed`)
    const moved = await operator.send(`${page}/change`, { ...form, url: 'https://10.0.0.1/' })
    expect(moved).toMatchObject({ status: 422, text: expect.stringContaining('/url') })
    expect((await shop.call(`/webhooks/${id}`)).body).toMatchObject({ url, types: ['StockReplenished'] })
    const { text } = await operator.send(`${page}/rotate`, { overlapSeconds: '0' })
    expect(text).toMatch(/whsec_\S{40}/)
    expect((await operator.send(`${page}/remove`, {})).to).toBe('/console/webhooks?done=removed')
    expect(await shop.call(`/webhooks/${id}`)).toMatchObject({ status: 404 })
  })

  it('revokes a key with its reason, and tells what went with it', async () => {
    const maker = await newKey(['operations'])
    await openShop(system, maker.key).post('/keys', { client: 'child', scopes: ['orders:read'] })
    const { cookie } = await signIn(system, KEY)
    const form = { cascade: 'true', reason: 'It was in a log.' }
    const { to } = await openConsole(system, cookie).send(`/console/keys/${maker.id}/revoke`, form)
    expect(to).toBe('/console/keys?done=revoked&keys=1&webhooks=0&left=0')
    const { text } = await openConsole(system, cookie).call(to ?? '')
    expect(text).toContain('1 key that it made is revoked too.')
    const { body } = await shop.call(`/audit-log?subject=${maker.id}&action=revoked`)
    expect(body.items).toMatchObject([{ reason: 'It was in a log.', outcome: 'done' }])
  })

  it('shows the problem where the API refuses', async () => {
    const { cookie } = await signIn(system, KEY)
    const form = { delta: '-1000', reason: 'a count' }
    const refused = await openConsole(system, cookie).send('/console/inventory/P001/adjust', form)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('insufficient_stock')
  })
})

describe('where Cloudflare Access is set', () => {
  const AUDIENCE = 'a'.repeat(64)
  const certs = createServer((_request, response) => response.end(JSON.stringify(team.certs)))
  let team: Awaited<ReturnType<typeof createAccessTeam>>

  beforeAll(async () => {
    await once(certs.listen(0, '127.0.0.1'), 'listening')
    const origin = `http://127.0.0.1:${(certs.address() as AddressInfo).port}`
    team = await createAccessTeam({ origin })
    await system.restart({ order: { vars: { ACCESS_TEAM_DOMAIN: origin, ACCESS_AUDIENCE: AUDIENCE } } })
  })

  afterAll(() => certs.close())

  const headersOf = async (changes: object = {}) => ({
    ...OWN_FORM,
    'cf-access-jwt-assertion': await team.tokenFor(AUDIENCE, changes),
  })

  it('no page is served past it, not even the one to sign in at, and the API is as before', async () => {
    const visitor = openConsole(system)
    const foreign = { 'cf-access-jwt-assertion': await team.tokenFor('b'.repeat(64)) }
    for (const path of ['/console', '/console/sign-in', '/console/orders']) {
      expect(await visitor.call(path)).toMatchObject({ status: 403 })
      expect(await visitor.call(path, { headers: foreign })).toMatchObject({ status: 403 })
    }
    expect(await visitor.send('/console/sign-in', { key: KEY })).toMatchObject({ status: 403 })
    expect(await shop.call('/orders')).toMatchObject({ status: 200 })
  })

  it('a session needs both, and is of one person', async () => {
    const visitor = openConsole(system)
    expect(await visitor.call('/console', { headers: await headersOf() })).toMatchObject({
      ...{ status: 303, to: '/console/sign-in' },
    })
    const signed = await visitor.send('/console/sign-in', { key: KEY }, await headersOf())
    const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
    const operator = openConsole(system, cookie)
    const page = await operator.call('/console', { headers: await headersOf() })
    expect(page.status).toBe(200)
    expect(page.text).toContain('bootstrap · ada@shop.example')
    expect(await operator.call('/console')).toMatchObject({ status: 403 })
    const form = { delta: '1', reason: 'a count' }
    await operator.send('/console/inventory/P001/adjust', form, await headersOf())
    const { body: log } = await shop.call('/audit-log?person=ada%40shop.example')
    expect(log.items).toMatchObject([
      {
        actor: { client: 'bootstrap', keyId: 'bootstrap', person: 'ada@shop.example' },
        ...{ kind: 'stock', action: 'adjusted', subject: 'P001' },
      },
    ])
    const other = await headersOf({ email: 'eve@shop.example' })
    expect(await operator.call('/console', { headers: other })).toMatchObject({
      ...{ status: 303, to: '/console/sign-in' },
    })
  })
})
