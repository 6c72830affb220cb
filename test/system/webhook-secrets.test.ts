import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { fixedBytes } from '../support/fixed-bytes.ts'
import { type System, startSystem } from '../support/harness.ts'
import { startReceiver, verified } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>
let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  receiver = await startReceiver()
})

afterAll(async () => {
  await system.close()
  await receiver.close()
})

type Registered = { id: string; secret: string }

const PARTITION = { name: 'webhooks' }

const bytes = fixedBytes('webhook secrets')
const LATER_KEY = bytes(32).toString('hex')

const ownSecret = (): string => `whsec_${bytes(32).toString('base64')}`

const post = (path: string, more: object = {}, headers = {}) =>
  shop.post('/webhooks', { url: receiver.url(path), types: ['StockDepleted'], ...more }, headers)

const register = async (path: string, more: object = {}): Promise<Registered> => {
  const { status, body } = await post(path, more)
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const exec = async <Row>(query: string, ...values: string[]): Promise<Row[]> =>
  (await (await system.storage('operations', 'WebhookObject', PARTITION)).exec(query, ...values)) as Row[]

/** All rows of all tables of the webhook partition, as text. */
const everything = async (): Promise<string> => {
  const tables = await exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
  const names = tables.map(({ name }) => name).filter((name) => !name.startsWith('_'))
  return JSON.stringify(await Promise.all(names.map((name) => exec(`SELECT * FROM ${name}`))))
}

type Document = { secrets: { secret: string }[] }

const documentOf = async (id: string): Promise<Document> => {
  const [row] = await exec<{ document: string }>('SELECT document FROM webhooks WHERE webhook_id = ?', id)
  return JSON.parse(row?.document ?? 'null')
}

/** As the code before stored it. */
const storePlain = async ({ id, secret }: Registered): Promise<void> => {
  const document = JSON.stringify({ ...(await documentOf(id)), secrets: [{ secret }] })
  await exec('UPDATE webhooks SET document = ? WHERE webhook_id = ?', document, id)
}

/** Id of the key under which the newest secret is sealed. */
const keyIdOf = async (id: string): Promise<string | undefined> =>
  (await documentOf(id)).secrets[0]?.secret.split('.')[1]

/** The next request at the path after a test call. */
const tested = async (id: string, path: string) => {
  const before = receiver.at(path).length
  await shop.post(`/webhooks/${id}/test`)
  const requests = await eventually(
    () => receiver.at(path),
    ({ length }) => length > before,
    { withinMs: 40_000 },
  )
  const request = requests.at(-1)
  if (request === undefined) throw new Error('nothing came')
  return request
}

const restartWith = (secrets: Record<string, string>) => system.restart({ operations: { secrets } })

describe('secrets of webhooks', () => {
  it('lie sealed in the partition, of registrations and rotations, and requests verify', async () => {
    const secret = ownSecret()
    const key = { 'idempotency-key': 'sealed' }
    const first = await post('/sealed', { secret }, key)
    const again = await post('/sealed', { secret }, key)
    const { secret: shown, ...view } = first.body
    expect([shown, again.body, again.headers.get('idempotency-replayed')]).toEqual([secret, view, 'true'])
    const made = await register('/made')
    const rotated = await shop.post(`/webhooks/${made.id}/rotate`, {}, { 'idempotency-key': 'rotated' })
    const secrets = [secret, made.secret, rotated.body.secret]
    expect(new Set(secrets).size).toBe(3)
    const stored = await everything()
    expect([...secrets, 'whsec_'].filter((each) => stored.includes(each))).toEqual([])
    expect(verified(secret, await tested(view.id, '/sealed'))).toMatchObject({ type: 'WebhookTested' })
    const request = await tested(made.id, '/made')
    for (const each of secrets.slice(1))
      expect(verified(each, request)).toMatchObject({ type: 'WebhookTested' })
  })

  it('that older code stored in plain text are used, and sealed by the alarm', async () => {
    const older = await register('/older')
    await storePlain(older)
    await restartWith({})
    expect(verified(older.secret, await tested(older.id, '/older'))).toMatchObject({ subject: older.id })
    await eventually(everything, (text) => !text.includes('whsec_'), { withinMs: 40_000 })
    expect(verified(older.secret, await tested(older.id, '/older'))).toMatchObject({ subject: older.id })
  })

  it('are sealed with the newest key, and those of an older one still open', async () => {
    const registered = await register('/replaced')
    const before = await keyIdOf(registered.id)
    await restartWith({ STORAGE_KEY_2: LATER_KEY })
    expect(verified(registered.secret, await tested(registered.id, '/replaced'))).toBeTruthy()
    await eventually(
      () => keyIdOf(registered.id),
      (id) => id !== before,
      { withinMs: 40_000 },
    )
    await restartWith({ STORAGE_KEY: LATER_KEY })
    expect(verified(registered.secret, await tested(registered.id, '/replaced'))).toBeTruthy()
    await restartWith({ STORAGE_KEY_2: LATER_KEY })
  })

  it('are not taken without STORAGE_KEY, and older webhooks go on', async () => {
    const key = { 'idempotency-key': 'before' }
    const sealed = await post('/lost', {}, key)
    const plain = await register('/plain')
    await restartWith({ STORAGE_KEY: '' })
    await storePlain(plain)
    const misconfigured = { status: 503, code: 'misconfigured' }
    const refused = [post('/new'), shop.post(`/webhooks/${plain.id}/rotate`, {})]
    for (const answer of refused) expect(await shop.problem(answer)).toMatchObject(misconfigured)
    expect((await post('/new')).body.detail).toContain('wrangler secret put STORAGE_KEY')
    const again = await post('/lost', {}, key)
    expect([again.status, again.body.id]).toEqual([201, sealed.body.id])
    expect(verified(plain.secret, await tested(plain.id, '/plain'))).toMatchObject({ subject: plain.id })
    await shop.post(`/webhooks/${sealed.body.id}/test`)
    const read = () => shop.call(`/webhooks/${sealed.body.id}/deliveries`)
    const log = await eventually(read, ({ body }) => body.items[0].lastError !== undefined, {
      withinMs: 40_000,
    })
    expect(log.body.items).toMatchObject([
      { status: 'pending', lastError: expect.stringContaining('STORAGE_KEY') },
    ])
    expect(receiver.at('/lost')).toEqual([])
    expect((await shop.call('/readyz')).status).toBe(200)
  })
})
