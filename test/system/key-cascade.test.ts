import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { createApiKey } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

let system: System
let operator: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  operator = openShop(system)
})

afterAll(() => system.close())

type Shop = ReturnType<typeof openShop>

const makeChild = async (
  maker: Shop,
  client: string,
  scopes = ['operations', 'orders:read', 'orders:write'],
) => {
  const { body } = await maker.post('/keys', { client, scopes })
  return { id: String(body.id), shop: openShop(system, body.key) }
}

const register = async (maker: Shop, types = ['OrderConfirmed']) => {
  const { body } = await maker.post('/webhooks', { url: 'http://localhost:9/hook', types })
  return String(body.id)
}

const statusOf = async (shop: Shop) => (await shop.call('/orders?limit=1')).status
const webhook = async (id: string) => (await operator.call(`/webhooks/${id}`)).body
const revoke = (id: string, query = '') => operator.call(`/keys/${id}${query}`, { method: 'DELETE' })

describe('a key that made others, and webhooks', () => {
  const setUp = async (client: string) => {
    const parent = await makeChild(operator, client)
    const child = await makeChild(parent.shop, client)
    const grandchild = await makeChild(child.shop, client, ['orders:read', 'orders:write'])
    const hooks = [await register(parent.shop), await register(grandchild.shop)]
    const stranger = await makeChild(operator, client, ['orders:read', 'orders:write'])
    const strangersHook = await register(stranger.shop)
    const ids = [parent.id, child.id, grandchild.id].toSorted()
    return { parent, child, grandchild, hooks: hooks.toSorted(), stranger, strangersHook, ids }
  }

  it('is named as their maker', async () => {
    const { parent, child, grandchild, hooks } = await setUp('named')
    const { body } = await operator.call('/keys?limit=100')
    const makerOf = (id: string) =>
      body.items.find((key: { id: string; createdBy: string | null }) => key.id === id)?.createdBy
    expect([parent.id, child.id, grandchild.id].map(makerOf)).toEqual(['bootstrap', parent.id, child.id])
    const makers = await Promise.all(hooks.map(async (id) => (await webhook(id)).createdBy))
    expect(makers.toSorted()).toEqual([parent.id, grandchild.id].toSorted())
  })

  it('goes with all of them, and with nothing of others', async () => {
    const { parent, child, grandchild, hooks, stranger, strangersHook, ids } = await setUp('cascade')
    const { status, body } = await revoke(parent.id, '?cascade=true')
    expect(status).toBe(200)
    expect(body.revoked.map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(body.disabled.map(({ id }: { id: string }) => id).toSorted()).toEqual(hooks)
    expect(body.livesOn).toEqual({ keys: [], webhooks: [] })
    const shops = [parent, child, grandchild, stranger].map(({ shop }) => statusOf(shop))
    expect(await Promise.all(shops)).toEqual([401, 401, 401, 200])
    for (const id of hooks) {
      expect(await webhook(id)).toMatchObject({ status: 'disabled', disabledReason: 'key_revoked' })
    }
    expect(await webhook(strangersHook)).toMatchObject({ status: 'enabled' })
    expect((await revoke(parent.id, '?cascade=true')).body).toEqual(body)
  })

  it('leaves them without cascade, and the answer names them', async () => {
    const { parent, child, grandchild, hooks, ids } = await setUp('alone')
    const { status, body } = await revoke(parent.id)
    expect([status, body.revoked.length, body.disabled]).toEqual([200, 1, []])
    expect(body.livesOn.keys.map(({ id }: { id: string }) => id)).toEqual(
      ids.filter((id) => id !== parent.id),
    )
    expect(body.livesOn.webhooks.map(({ id }: { id: string }) => id).toSorted()).toEqual(hooks)
    expect(await Promise.all([child, grandchild].map(({ shop }) => statusOf(shop)))).toEqual([200, 200])
    expect((await revoke(parent.id, '?cascade=true')).body.revoked).toHaveLength(3)
    expect(await Promise.all([child, grandchild].map(({ shop }) => statusOf(shop)))).toEqual([401, 401])
  })

  it('is revoked with 204 where nothing lives on', async () => {
    const { id } = await createApiKey(system, 'childless', ['orders:read'])
    expect([(await revoke(id)).status, (await revoke(id)).status]).toEqual([204, 204])
  })

  it('takes along a webhook that it turned to another address, until another key is its maker', async () => {
    const owner = await makeChild(operator, 'turned', ['orders:read', 'orders:write'])
    const thief = await makeChild(operator, 'turned', ['orders:read', 'orders:write'])
    const id = await register(owner.shop)
    const patch = (shop: Shop, body: unknown) => shop.call(`/webhooks/${id}`, { method: 'PATCH', body })
    expect((await patch(thief.shop, { url: 'http://localhost:9/theirs' })).body).toMatchObject({
      addressSetBy: thief.id,
    })
    await revoke(thief.id, '?cascade=true')
    expect(await webhook(id)).toMatchObject({ status: 'disabled', disabledReason: 'key_revoked' })
    await patch(owner.shop, { url: 'http://localhost:9/ours', status: 'enabled' })
    expect((await revoke(thief.id, '?cascade=true')).body.disabled).toEqual([])
    expect(await webhook(id)).toMatchObject({ status: 'enabled', createdBy: owner.id })
  })

  it('names what older code stored without its maker, and leaves it to the operator', async () => {
    const { id } = await createApiKey(system, 'past', ['operations', 'orders:read'])
    const { ORDERS_DB } = await system.env('order')
    const older = `older-${id}`
    await ORDERS_DB.prepare(
      `INSERT INTO api_keys (id, hash, client, scopes, created_at, created_by)
        VALUES (?, 'h', 'friend', '["orders:read"]', 1, 'past')`,
    )
      .bind(older)
      .run()
    const { body } = await revoke(id, '?cascade=true')
    expect(body.livesOn.keys).toEqual([{ id: older, client: 'friend', createdBy: null }])
    const listed = (await operator.call('/keys?limit=100')).body.items
    expect(listed.find((key: { id: string }) => key.id === older)).toMatchObject({ createdBy: null })
  })
})

it('revokes a hundred keys with two hundred children and a hundred webhooks, each family in one call', async () => {
  const families = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const parent = await makeChild(operator, `drill-${index}`)
      const child = await makeChild(parent.shop, `drill-${index}`)
      const grandchild = await makeChild(child.shop, `drill-${index}`, ['orders:read'])
      return { parent, child, grandchild, hook: await register(child.shop, ['StockDepleted']) }
    }),
  )
  const startedAt = performance.now()
  const answers = await Promise.all(families.map(({ parent }) => revoke(parent.id, '?cascade=true')))
  const tookMs = Math.round(performance.now() - startedAt)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(answers.map(({ body }) => [body.revoked.length, body.disabled.length])).toEqual(
    families.map(() => [3, 1]),
  )
  const keys = families.flatMap(({ parent, child, grandchild }) => [parent, child, grandchild])
  const statuses = await Promise.all(keys.map(({ shop }) => statusOf(shop)))
  expect(new Set(statuses)).toEqual(new Set([401]))
  const hooks = await Promise.all(families.map(async ({ hook }) => (await webhook(hook)).status))
  expect(new Set(hooks)).toEqual(new Set(['disabled']))
  console.log(`300 keys and 100 webhooks of 100 families went in ${tookMs} ms`)
}, 300_000)

describe('the scope orders:write alone', () => {
  it('neither rotates nor sees the secret of a webhook', async () => {
    const owner = await makeChild(operator, 'secretive', ['orders:read', 'orders:write'])
    const writer = await makeChild(operator, 'secretive', ['orders:write'])
    const id = await register(owner.shop)
    const refused = await writer.shop.post(`/webhooks/${id}/rotate`, {})
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      403,
      'forbidden',
      expect.stringContaining('orders:read'),
    ])
    const answers = await Promise.all([
      writer.shop.call(`/webhooks/${id}`),
      writer.shop.post('/webhooks', { url: 'http://localhost:9/mine', types: ['OrderConfirmed'] }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    expect((await owner.shop.post(`/webhooks/${id}/rotate`, {})).body.secret).toMatch(/^whsec_/)
  })
})
