import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

/** A resolver on this machine: what each name leads to, and whether it answers at all. */
const startResolver = async () => {
  const addresses = new Map<string, string>()
  const asked: string[] = []
  const state = { isAway: false }
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://resolver')
    const name = searchParams.get('name') ?? ''
    asked.push(`${name} ${searchParams.get('type')} ${request.headers.accept}`)
    if (state.isAway) return response.writeHead(502).end()
    const data = searchParams.get('type') === 'A' ? addresses.get(name) : undefined
    const Answer = data === undefined ? [] : [{ name, type: 1, TTL: 0, data }]
    return response
      .writeHead(200, { 'content-type': 'application/dns-json' })
      .end(JSON.stringify({ Status: 0, TC: false, RD: true, RA: true, AD: false, CD: false, Answer }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise((resolve) => server.close(resolve))
  return { addresses, asked, state, close, url: `http://127.0.0.1:${port}/dns-query` }
}

let system: System
let shop: ReturnType<typeof openShop>
let resolver: Awaited<ReturnType<typeof startResolver>>

beforeAll(async () => {
  resolver = await startResolver()
  const vars = { WEBHOOKS_ALLOW_LOCAL: 'false', WEBHOOK_RESOLVER_URL: resolver.url }
  system = await startSystem({ operations: { vars } })
  shop = openShop(system)
})

afterAll(async () => {
  await system.close()
  await resolver.close()
})

const register = (host: string) =>
  shop.post('/webhooks', { url: `https://${host}/hook`, types: ['StockDepleted'] })

describe('in a deployment, the name of a webhook', () => {
  it('is looked up when it is registered, and refused where it leads inside', async () => {
    resolver.addresses.set('public.example', '192.0.3.1').set('inside.example', '10.0.0.1')
    expect((await register('public.example')).status).toBe(201)
    expect(await shop.problem(register('inside.example'))).toEqual({
      ...{ status: 422, code: 'validation_failed', paths: ['/url'] },
    })
    expect(await shop.problem(register('nowhere.example'))).toMatchObject({ status: 422 })
    expect(resolver.asked).toContain('inside.example AAAA application/dns-json')
  })

  it('is looked up when it is changed', async () => {
    resolver.addresses.set('first.example', '192.0.3.1').set('second.example', '169.254.169.254')
    const { body } = await register('first.example')
    const change = shop.call(`/webhooks/${body.id}`, {
      method: 'PATCH',
      body: { url: 'https://second.example/' },
    })
    expect(await shop.problem(change)).toMatchObject({ status: 422, paths: ['/url'] })
  })

  it('is answered 503 with Retry-After while the resolver is away, and taken when it is back', async () => {
    resolver.addresses.set('later.example', '192.0.3.1')
    resolver.state.isAway = true
    const away = await register('later.example')
    resolver.state.isAway = false
    expect([away.status, away.body.code, away.headers.get('retry-after')]).toEqual([503, 'unavailable', '5'])
    expect((await register('later.example')).status).toBe(201)
  })

  it('is looked up again at each try: one that leads inside by then gets no request', async () => {
    resolver.addresses.set('rebound.example', '192.0.3.1')
    const { body } = await register('rebound.example')
    resolver.addresses.set('rebound.example', '127.0.0.1')
    // The first answer is good for ten seconds.
    await new Promise((resolve) => setTimeout(resolve, 10_500))
    await shop.post(`/webhooks/${body.id}/test`)
    const [delivery] = await eventually(
      async () => (await shop.call(`/webhooks/${body.id}/deliveries`)).body.items,
      (items) => items[0]?.lastError !== undefined,
    )
    expect(delivery.lastError).toContain('a name that leads to a private or reserved address')
  })
})
