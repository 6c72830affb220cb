import { describe, expect, it } from 'vitest'
import { storageKeysOf } from '../../../src/cloudflare/storage-key.ts'
import { SWEEP_ROWS_MAX } from '../../../src/messaging/sweep.ts'
import { CONNECTION_LIMITS } from '../../../src/operations/partition/connection-slots.ts'
import type { RegisterRequest } from '../../../src/operations/partition/webhook-requests.ts'
import { NOW, OPERATOR } from '../../support/builders.ts'
import { fixedBytes } from '../../support/fixed-bytes.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const bytes = fixedBytes('webhook secrets')
const [KEY, LATER] = [bytes(32).toString('hex'), bytes(32).toString('hex')]

const WITH_KEY = { STORAGE_KEY: KEY }
const REPLACED = { STORAGE_KEY: KEY, STORAGE_KEY_2: LATER }

const WANTED: RegisterRequest = {
  ...{ webhookId: 'wh_1', secret: 'whsec_first', caller: OPERATOR, request: undefined },
  ...{ url: 'https://shop.example/hook', types: ['OrderConfirmed'] },
}

const ROTATION = { webhookId: 'wh_1', caller: OPERATOR, request: undefined, secret: 'whsec_second' }

type World = ReturnType<typeof createWebhookWorld>

const textOf = ({ memory }: World): string => JSON.stringify(memory.rows())

/** What the next test delivery is signed with. */
const signedWith = async (world: World, webhookId = 'wh_1'): Promise<readonly string[] | undefined> => {
  const deliveryId = `msg_test_${world.memory.now()}_${world.log(webhookId)?.length}`
  world.partition().deliveries.test({ webhookId, deliveryId, caller: OPERATOR, request: undefined })
  const [attempt] = await world.partition().lease([{ webhookId, deliveryId, isUrgent: true }])
  return attempt?.secrets
}

const idOf = async (secret: string) => (await storageKeysOf({ STORAGE_KEY: secret }).current?.id()) ?? 'none'

describe('a secret', () => {
  it('is sealed by a registration and by a rotation, and opened for what is sent', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    const registered = await world.partition().register(WANTED)
    expect(registered).toMatchObject({ value: { view: { secret: 'whsec_first' } } })
    expect(await signedWith(world)).toEqual(['whsec_first'])
    const rotated = await world.partition().rotate({ ...ROTATION, overlapMs: 60_000 })
    expect(rotated).toMatchObject({ value: { view: { secret: 'whsec_second' } } })
    expect(await signedWith(world)).toEqual(['whsec_second', 'whsec_first'])
    expect(textOf(world)).not.toContain('whsec_')
  })

  it('is also open in the next try, which follows a report', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    await world.partition().register(WANTED)
    // One more than may be under way at once.
    const ids = Array.from({ length: CONNECTION_LIMITS.perEndpoint + 1 }, (_, nth) => `msg_${nth}`)
    for (const deliveryId of ids)
      world
        .partition()
        .deliveries.test({ webhookId: 'wh_1', deliveryId, caller: OPERATOR, request: undefined })
    const [begun] = await world.partition().lease([{ webhookId: 'wh_1', deliveryId: 'msg_0' }])
    const report = { webhookId: 'wh_1', deliveryId: 'msg_0', attempt: begun?.attempt ?? 0 }
    const next = await world.partition().record({ ...report, outcome: { status: 204 }, wantsNext: true })
    expect(next).toMatchObject([{ deliveryId: ids.at(-1), secrets: ['whsec_first'] }])
  })

  it('does not open in the row of another webhook', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    await world.partition().register(WANTED)
    await world.partition().register({ ...WANTED, webhookId: 'wh_2', secret: 'whsec_other' })
    world.memory.sql(
      `UPDATE webhooks SET document = replace((SELECT document FROM webhooks WHERE webhook_id = 'wh_1'), 'wh_1', 'wh_2')
        WHERE webhook_id = 'wh_2'`,
    )
    expect([await signedWith(world), await signedWith(world, 'wh_2')]).toEqual([['whsec_first'], []])
    expect(world.memory.lines).toContainEqual({
      message: 'a secret of a webhook does not open',
      fields: { webhookId: 'wh_2', reason: 'broken' },
    })
  })
})

describe('without a key', () => {
  it('no secret is stored, and what is there goes on', async () => {
    const world = createWebhookWorld()
    world.register('wh_1')
    const refused = { ok: false, reason: { code: 'misconfigured' } }
    expect(await world.partition().register({ ...WANTED, webhookId: 'wh_2' })).toEqual(refused)
    expect(await world.partition().rotate({ ...ROTATION, overlapMs: 0 })).toEqual(refused)
    expect(world.webhook('wh_2')).toBeUndefined()
    expect(await signedWith(world)).toEqual(['whsec_wh_1'])
    const change = { webhookId: 'wh_1', caller: OPERATOR, types: ['OrderSettled'] as const }
    expect(await world.partition().change(change)).toMatchObject({ ok: true })
  })

  it('a repeated registration is answered as before, and its key stays free where it was refused', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    const request = { requestKey: 'key', fingerprint: 'body' }
    await world.partition().register({ ...WANTED, request })
    world.restart({})
    expect(await world.partition().register({ ...WANTED, request, webhookId: 'wh_2' })).toMatchObject({
      value: { webhookId: 'wh_1', isReplay: true },
    })
    const other = { ...WANTED, webhookId: 'wh_3', request: { requestKey: 'other', fingerprint: 'body' } }
    expect(await world.partition().register(other)).toMatchObject({ reason: { code: 'misconfigured' } })
    world.restart(WITH_KEY)
    expect(await world.partition().register(other)).toMatchObject({ value: { isReplay: false } })
  })

  it('a sealed secret signs nothing until there is its key, or a new secret', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    await world.partition().register(WANTED)
    world.restart({ STORAGE_KEY: LATER })
    expect(await signedWith(world)).toEqual([])
    await world.partition().rotate({ ...ROTATION, overlapMs: 60_000 })
    expect(await signedWith(world)).toEqual(['whsec_second'])
    world.restart(REPLACED)
    expect(await signedWith(world)).toEqual(['whsec_second', 'whsec_first'])
  })
})

describe('what is stored already', () => {
  it('in plain text works, and is sealed by the alarm in portions once there is a key', async () => {
    const world = createWebhookWorld()
    const ids = Array.from({ length: SWEEP_ROWS_MAX + 1 }, (_, nth) => `wh_${String(nth).padStart(4, '0')}`)
    for (const [nth, id] of ids.entries()) world.register(id, {}, { ...OPERATOR, client: `shop-${nth}` })
    const plain = () => ids.filter((id) => textOf(world).includes(`whsec_${id}`)).length
    await world.memory.ringUntil(NOW + 60_000, world.wake)
    expect(plain()).toBe(ids.length)
    world.restart(WITH_KEY)
    expect(await signedWith(world, ids[0])).toEqual([`whsec_${ids[0]}`])
    // Meanwhile deliveries are tried, and the health of their webhooks changes.
    const viewsOf = () => ids.map((id) => ({ ...world.webhook(id), health: undefined }))
    const views = viewsOf()
    await world.wake()
    expect(plain()).toBe(1)
    await world.memory.ringUntil(world.memory.now() + 60_000, world.wake)
    expect(plain()).toBe(0)
    expect(viewsOf()).toEqual(views)
    expect(await signedWith(world, ids.at(-1))).toEqual([`whsec_${ids.at(-1)}`])
  })

  it('in plain text is sealed when the webhook is changed or its secret rotated', async () => {
    const world = createWebhookWorld()
    world.register('wh_1')
    world.register('wh_2')
    world.restart(WITH_KEY)
    await world.partition().change({ webhookId: 'wh_1', caller: OPERATOR, status: 'disabled' })
    await world.partition().rotate({ ...ROTATION, webhookId: 'wh_2', overlapMs: 60_000 })
    expect(textOf(world)).not.toContain('whsec_')
    expect(await signedWith(world, 'wh_2')).toEqual(['whsec_second', 'whsec_wh_2'])
  })

  it('under an older key is sealed with the newest one, so that the older one can go', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    await world.partition().register(WANTED)
    expect(textOf(world)).toContain(await idOf(KEY))
    world.restart(REPLACED)
    expect(await signedWith(world)).toEqual(['whsec_first'])
    await world.memory.ringUntil(NOW + 60_000, world.wake)
    expect(textOf(world)).not.toContain(await idOf(KEY))
    const line = { message: 'secrets of webhooks were sealed', fields: { sealed: 1, unopened: 0 } }
    expect(world.memory.lines).toContainEqual(line)
    world.restart({ STORAGE_KEY_2: LATER })
    expect(await signedWith(world)).toEqual(['whsec_first'])
  })

  it('is sealed by the next alarm where storing it failed', async () => {
    const world = createWebhookWorld()
    world.register('wh_1')
    world.restart(WITH_KEY)
    world.memory.failAfter(1)
    await world.wake().catch(() => {})
    expect(world.memory.mend()).toBe(true)
    expect(textOf(world)).toContain('whsec_wh_1')
    await world.wake()
    expect(textOf(world)).not.toContain('whsec_')
  })

  it('sets no alarm where all is sealed with the only key', async () => {
    const world = createWebhookWorld({ env: WITH_KEY })
    await world.partition().register({ ...WANTED, types: ['StockDepleted'] })
    await world.memory.ringUntil(NOW + 60_000, world.wake)
    world.memory.loseAlarm()
    world.restart()
    expect(world.memory.wakeAt()).toBeUndefined()
  })
})
