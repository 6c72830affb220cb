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

const READER = { client: 'reader', scopes: ['orders:read'] }
const NO_ENTRY = { status: 401, code: 'unauthorized' }

/** What this key gets when it reads a list. */
const asking = async (key: string, path = '/orders') => {
  const { status, body } = await openShop(system, key).call(path)
  return { status, code: body.code }
}

describe('creating a key', () => {
  it('shows it once, and it works at once', async () => {
    const { status, body } = await operator.post('/keys', READER)
    expect({ status, body }).toEqual({
      status: 201,
      body: { ...READER, id: expect.stringMatching(/^[0-9a-z]{26}$/), key: expect.any(String) },
    })
    expect(body.key).toMatch(new RegExp(`^eo_${body.id}_[0-9a-z]{40}$`))
    expect(await asking(body.key)).toEqual({ status: 200 })
  })

  it('keeps a hash of it and nothing of its secret', async () => {
    const { id, key } = await createApiKey(system, 'kept', ['orders:read'])
    const { ORDERS_DB } = await system.env('order')
    const row = await ORDERS_DB.prepare('SELECT * FROM api_keys WHERE id = ?').bind(id).first()
    expect(row).toMatchObject({ client: 'kept', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(JSON.stringify(row)).not.toContain(key.split('_')[2])
  })

  it('leaves the secret out of a repeated answer, and refuses the idempotency key for another', async () => {
    const ask = (client: string) =>
      operator.post('/keys', { client, scopes: ['orders:read'] }, { 'idempotency-key': 'once' })
    const first = await ask('replay')
    const second = await ask('replay')
    const { key, ...shown } = first.body
    expect(key).toMatch(/^eo_/)
    expect({ status: second.status, body: second.body }).toEqual({ status: 201, body: shown })
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await operator.problem(ask('another'))).toMatchObject({ code: 'idempotency_key_reused' })
    const { ORDERS_DB } = await system.env('order')
    const stored = await ORDERS_DB.prepare('SELECT * FROM requests').all()
    expect(JSON.stringify(stored.results)).not.toContain(key.split('_')[2])
  })

  it('makes one key of ten equal requests at once', async () => {
    const ask = () =>
      operator.post('/keys', { ...READER, client: 'ten' }, { 'idempotency-key': 'ten-at-once' })
    const answers = await Promise.all(Array.from({ length: 10 }, ask))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ body }) => body.key !== undefined)).toHaveLength(1)
  })

  it.each([
    ['no client', { scopes: ['orders:read'] }, ['/client']],
    ['an empty client', { ...READER, client: '' }, ['/client']],
    ['a client of 129 characters', { ...READER, client: 'c'.repeat(129) }, ['/client']],
    ['a client that cannot be printed', { ...READER, client: 'a\nb' }, ['/client']],
    ['the name of the bootstrap key', { ...READER, client: 'Bootstrap' }, ['/client']],
    ['no scopes', { client: 'c' }, ['/scopes']],
    ['an empty list of scopes', { client: 'c', scopes: [] }, ['/scopes']],
    ['a scope that is none', { client: 'c', scopes: ['orders:*'] }, ['/scopes/0']],
    ['an unknown field', { ...READER, secret: 'mine' }, ['/secret']],
  ])('refuses %s', async (_, body, paths) => {
    const refused = await operator.problem(operator.post('/keys', body))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths })
  })
})

describe('a wrong key', () => {
  it.each([
    ['none', ''],
    ['another word', 'test-admin-key2'],
    ['an id that no key has', `eo_${'0'.repeat(26)}_${'0'.repeat(40)}`],
  ])('is refused: %s', async (_, key) => {
    expect(await asking(key)).toEqual(NO_ENTRY)
  })

  it('is refused where only the secret is wrong', async () => {
    const { id, key } = await createApiKey(system, 'guessed', ['orders:read'])
    expect(await asking(`eo_${id}_${'0'.repeat(40)}`)).toEqual(NO_ENTRY)
    expect(await asking(key)).toEqual({ status: 200 })
    expect(await asking(`eo_${id}_${'0'.repeat(40)}`)).toEqual(NO_ENTRY)
  })
})

describe('listing keys', () => {
  it('shows all, newest first and in pages, without secret or hash', async () => {
    const { id: older } = await createApiKey(system, 'listed', ['orders:read'])
    const { id: newer } = await createApiKey(system, 'listed', ['orders:read', 'orders:write'])
    const page = await operator.call('/keys?limit=1')
    const next = await operator.call(`/keys?limit=1&cursor=${page.body.nextCursor}`)
    const listed = { client: 'listed', createdBy: 'bootstrap', createdAt: expect.stringMatching(/Z$/) }
    expect([...page.body.items, ...next.body.items]).toEqual([
      { id: newer, scopes: ['orders:read', 'orders:write'], ...listed },
      { id: older, scopes: ['orders:read'], ...listed },
    ])
  })

  it('refuses a cursor that is none', async () => {
    const refused = await operator.problem(operator.call('/keys?cursor=nope'))
    expect(refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/cursor'] })
  })
})

describe('revoking a key', () => {
  it('shuts it out, where it was revoked at once', async () => {
    const { id, key } = await createApiKey(system, 'leaked', ['orders:read'])
    expect(await asking(key)).toEqual({ status: 200 })
    expect((await operator.call(`/keys/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await asking(key)).toEqual(NO_ENTRY)
    const { body } = await operator.call('/keys?limit=1')
    expect(body.items[0]).toMatchObject({ id, revokedAt: expect.stringMatching(/Z$/) })
  })

  it('may be done again, and keeps the time of the first', async () => {
    const { id } = await createApiKey(system, 'twice', ['orders:read'])
    const revoke = async () => {
      const { status } = await operator.call(`/keys/${id}`, { method: 'DELETE' })
      return { status, at: (await operator.call('/keys?limit=1')).body.items[0].revokedAt }
    }
    const first = await revoke()
    expect(first).toEqual({ status: 204, at: expect.any(String) })
    expect(await revoke()).toEqual(first)
  })

  it('is refused for a key that never was', async () => {
    const refused = operator.problem(operator.call('/keys/nobody', { method: 'DELETE' }))
    expect(await refused).toMatchObject({ status: 404, code: 'key_not_found' })
  })
})

describe('the bootstrap key', () => {
  it('still opens, and other keys get 503 and no 401, while the database is away', async () => {
    const { key } = await createApiKey(system, 'unlucky', ['inventory:read'])
    const { ORDERS_DB } = await system.env('order')
    await ORDERS_DB.prepare('ALTER TABLE api_keys RENAME TO away').run()
    const answers = [await asking(key, '/products'), await asking('test-admin-key', '/products')]
    await ORDERS_DB.prepare('ALTER TABLE away RENAME TO api_keys').run()
    expect(answers).toEqual([{ status: 503, code: 'unavailable' }, { status: 200 }])
    expect(await asking(key, '/products')).toEqual({ status: 200 })
  })

  it('is missed by name: without it nothing is answered', async () => {
    await system.restart({ order: { secrets: { BOOTSTRAP_KEY: '' } } })
    const { status, body } = await operator.call('/orders')
    const ready = await operator.call('/readyz')
    await system.restart()
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'misconfigured' })
    expect(body.detail).toContain('BOOTSTRAP_KEY')
    expect(ready.body.workers.order.problems.join()).toContain('BOOTSTRAP_KEY')
  })
})

it('G9: no key, no secret and no payment token is in a response or in the log', async () => {
  const { id, key } = await createApiKey(system, 'quiet', ['orders:write'])
  const token = 'tok_4242_secret'
  const wrong = `eo_${id}_${'s'.repeat(40)}`
  const shop = openShop(system, key)
  const { ORDERS_DB } = await system.env('order')
  await ORDERS_DB.prepare('ALTER TABLE catalogue RENAME TO away').run()
  const answers = [
    await shop.post('/orders', { items: [{ productId: 'QUIET', quantity: 1 }], payment: { token } }),
    await shop.post('/orders', { items: [], payment: { token, extra: 1 } }),
    await shop.post('/orders', { items: [], payment: { token: token.repeat(100) } }),
    await openShop(system, wrong).post('/orders', {}),
    await openShop(system, `${key}x`).post('/orders', {}),
  ]
  await ORDERS_DB.prepare('ALTER TABLE away RENAME TO catalogue').run()
  expect(answers.map(({ status }) => status)).toEqual([503, 422, 422, 401, 401])
  const said = [...answers.map(({ body }) => JSON.stringify(body)), ...system.logs()].join('\n')
  const secrets = [key.split('_')[2], 's'.repeat(40), 'test-admin-key', token]
  expect(secrets.filter((secret) => said.includes(String(secret)))).toEqual([])
})
