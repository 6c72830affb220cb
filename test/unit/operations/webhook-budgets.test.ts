import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/contracts/caller.ts'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { WEBHOOK_TABLES } from '../../../src/operations/partition/webhook-tables.ts'
import { CLIENT, NOW, OPERATOR, orderConfirmedEvent, STRANGER } from '../../support/builders.ts'
import { createInMemorySql } from '../../support/in-memory-sql.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const HOUR_MS = 60 * MINUTE_MS
const SILENT = { error: 'No answer within 15 s.' }

type World = ReturnType<typeof createWebhookWorld>

const keyOf = ({ client }: Caller): Caller => ({ client, scopes: ['orders:read', 'orders:write'] })
const MINE = keyOf(CLIENT)
const THEIRS = keyOf(STRANGER)

const listening = (webhooks: Record<string, Caller>) => {
  const world = createWebhookWorld()
  for (const [webhookId, caller] of Object.entries(webhooks)) world.register(webhookId, {}, caller)
  return world
}

let events = 0
const happens = (world: World, caller: Caller, count: number) =>
  world.partition().accept(
    Array.from({ length: count }, () => {
      events += 1
      return { ...orderConfirmedEvent(), id: `ord_${events}/OrderConfirmed`, client: caller.client }
    }),
  )

const countOf = (world: World, webhookId: string, status: string): number =>
  world.memory.sql<{ count: number }>(
    "SELECT count(*) AS count FROM deliveries WHERE webhook_id = ? AND document ->> 'status' = ?",
    ...[webhookId, status],
  )[0]?.count ?? 0

const of = (webhookId: string) => (each: { webhookId: string }) => each.webhookId === webhookId

/** Begins what is on the queue, and answers what it is told to after the time-out. */
const failAll = (world: World) => {
  const tries = world.leaseAll()
  world.memory.advance(15 * SECOND_MS)
  for (const each of tries) world.partition().deliveries.record({ ...each, outcome: SILENT })
  return tries.length
}

describe('a silent address', () => {
  it('has twenty connections, and the queue never holds more for it', () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 600)
    expect(world.references()).toHaveLength(20)
    expect(world.leaseAll()).toHaveLength(20)
    happens(world, MINE, 5)
    expect(world.references()).toEqual([])
  })

  it('stands before no other one: the first try of another client is the next on the queue', () => {
    const world = listening({ wh_1: MINE, wh_2: THEIRS })
    happens(world, MINE, 600)
    world.leaseAll()
    happens(world, THEIRS, 1)
    expect(world.references().map(({ webhookId }) => webhookId)).toEqual(['wh_2'])
  })

  it('and two others of its client have sixty in all, and other clients still theirs', () => {
    const world = listening({ wh_1: MINE, wh_2: MINE, wh_3: MINE, wh_4: MINE, wh_5: THEIRS })
    happens(world, MINE, 100)
    happens(world, THEIRS, 100)
    const tries = world.leaseAll()
    expect([tries.filter(of('wh_5')).length, tries.length]).toEqual([20, 80])
  })

  it('gives its connections to the other webhooks of its client when its tries are over', async () => {
    const world = listening({ wh_1: MINE, wh_2: MINE, wh_3: MINE })
    happens(world, MINE, 20)
    world.register('wh_4', {}, MINE)
    happens(world, MINE, 20)
    const tries = world.leaseAll()
    expect(tries.filter(of('wh_4'))).toEqual([])
    for (const each of tries.filter(of('wh_1')))
      world.partition().deliveries.record({ ...each, outcome: SILENT })
    await world.memory.ring(world.wake)
    // Four went to the first one again, before its fifth failure.
    expect(world.leaseAll().filter(of('wh_4'))).toHaveLength(16)
  })

  it('rests as a whole after five failures, 5 s at first, and is asked by one request at a time then', async () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 600)
    const begun: number[] = []
    const until = NOW + HOUR_MS
    for (let now = world.memory.now(); now < until; now = world.memory.now()) {
      begun.push(failAll(world))
      await world.memory.ring(world.wake)
    }
    expect(begun[0]).toBe(20)
    expect(begun.slice(1).every((count) => count <= 1)).toBe(true)
    const tries = begun.reduce((sum, count) => sum + count, 0)
    expect([tries > 25, tries < 35]).toEqual([true, true])
  })

  it('gets everything within a quarter of an hour once it is back, twenty at a time', async () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 600)
    while (world.memory.now() < NOW + HOUR_MS) {
      failAll(world)
      await world.memory.ring(world.wake)
    }
    const backAt = world.memory.now()
    const most: number[] = []
    while (countOf(world, 'wh_1', 'delivered') < 570) {
      most.push(world.attemptAll({ status: 204 }).length)
      if (world.references().length === 0) await world.memory.ring(world.wake)
    }
    expect(Math.max(...most)).toBe(20)
    expect(world.memory.now() - backAt).toBeLessThanOrEqual(15 * MINUTE_MS)
  })

  it('G10: a silent address is disabled after a day, however often each event was tried', async () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 600)
    while (world.webhook('wh_1')?.disabledReason === undefined) {
      failAll(world)
      await world.memory.ring(world.wake)
    }
    const hours = (world.memory.now() - NOW) / HOUR_MS
    expect(world.webhook('wh_1')).toMatchObject({ status: 'disabled', disabledReason: 'unreachable' })
    expect([hours > 25, hours < 27]).toEqual([true, true])
  })

  it('starts with a clean sheet when it is changed, or enabled again', async () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 40)
    failAll(world)
    const url = 'https://shop.example/other'
    world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, url })
    happens(world, MINE, 30)
    expect(world.references()).toHaveLength(20)
  })

  it('is tried as soon as it asks with Retry-After, an hour at most, and not before', async () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 1)
    world.attemptAll({ status: 429, retryAfterMs: 10 * MINUTE_MS })
    happens(world, MINE, 1)
    await world.memory.ringUntil(NOW + 10 * MINUTE_MS - 1, world.wake)
    expect(world.references()).toEqual([])
    await world.memory.ringUntil(NOW + 10 * MINUTE_MS, world.wake)
    expect(world.attemptAll({ status: 503, retryAfterMs: 24 * HOUR_MS })).toHaveLength(2)
    await world.memory.ringUntil(NOW + 10 * MINUTE_MS + HOUR_MS, world.wake)
    expect(world.attemptAll({ status: 204 })).toHaveLength(2)
  })
})

describe('a healthy address', () => {
  it('gets what waits without the queue: the worker that was answered goes on', () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 100)
    let tries = world.leaseAll()
    let posted = 0
    while (tries.length > 0) {
      posted += tries.length
      tries = tries.flatMap((each) => {
        const report = { ...each, outcome: { status: 204 }, wantsNext: true }
        return world.partition().deliveries.record(report)
      })
    }
    expect([posted, world.references()]).toEqual([100, []])
    expect(countOf(world, 'wh_1', 'delivered')).toBe(100)
  })

  it('gets what waits by the queue where no worker goes on', () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 100)
    let posted = 0
    for (let rounds = 0; rounds < 10; rounds += 1) posted += world.attemptAll({ status: 204 }).length
    expect(posted).toBe(100)
  })

  it('that refuses one event in four goes on with the others', () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 200)
    let index = 0
    for (let rounds = 0; rounds < 30; rounds += 1) {
      for (const each of world.leaseAll()) {
        index += 1
        const outcome = { status: index % 4 === 0 ? 500 : 204 }
        world.partition().deliveries.record({ ...each, outcome })
      }
    }
    expect([index, countOf(world, 'wh_1', 'delivered')]).toEqual([200, 150])
  })

  it('costs no row of its own', () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 10)
    world.attemptAll({ status: 204 })
    expect(world.memory.sql('SELECT * FROM endpoints')).toEqual([])
  })
})

describe('a test', () => {
  const test = (world: World, deliveryId: string) =>
    world.partition().deliveries.test({ webhookId: 'wh_1', deliveryId, caller: MINE, request: undefined })

  it('is tried once', async () => {
    const world = listening({ wh_1: MINE })
    test(world, 'msg_test')
    world.attemptAll({ status: 500 })
    expect(world.log('wh_1')).toMatchObject([{ status: 'failed', attempts: 1, lastStatus: 500 }])
    await world.memory.ringUntil(NOW + HOUR_MS, world.wake)
    expect(world.references()).toEqual([])
    expect(world.webhook('wh_1')).not.toHaveProperty('disabledReason')
  })

  it('goes out although the address rests, and so does what is sent anew', async () => {
    const world = listening({ wh_1: MINE })
    happens(world, MINE, 20)
    failAll(world)
    test(world, 'msg_test')
    expect(world.attemptAll({ status: 204 })).toMatchObject([{ deliveryId: 'msg_test' }])
    const [first] = world.log('wh_1') ?? []
    happens(world, MINE, 20)
    failAll(world)
    const reference = { webhookId: 'wh_1', deliveryId: first?.id ?? '', caller: MINE, request: undefined }
    world.partition().deliveries.resend(reference)
    expect(world.attemptAll({ status: 204 })).toMatchObject([{ deliveryId: first?.id }])
  })

  it('that finds no connection within a minute is given up', async () => {
    const world = listening({ wh_1: MINE })
    for (let index = 0; index < 250; index += 1) test(world, `msg_test_${String(index).padStart(3, '0')}`)
    const tried = failAll(world)
    await world.memory.ringUntil(NOW + 5 * MINUTE_MS, async () => {
      failAll(world)
      await world.wake()
    })
    expect(tried).toBe(20)
    expect([countOf(world, 'wh_1', 'pending'), countOf(world, 'wh_1', 'failed')]).toEqual([0, 250])
  })
})

describe('what is left of dead webhooks', () => {
  const ROWS = 62_000

  const leave = (world: World, webhookId: string) => {
    world.memory.sql(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
        INSERT INTO deliveries (webhook_id, delivery_id, event_id, due_at, document)
        SELECT ?1, printf('old_%06d', i), 'old_' || i, ?2, json_object('deliveryId', printf('old_%06d', i),
          'webhookId', ?1, 'eventId', 'old_' || i, 'type', 'OrderConfirmed', 'body', '{}', 'createdAt', ?2,
          'status', 'pending', 'attempts', 3, 'failures', 3, 'unheard', 0, 'nextTryAt', ?2, 'queued', 0,
          'dueAt', ?2) FROM n`,
      ...[webhookId, NOW],
    )
  }

  const isFirst = (world: World) => {
    world.register('wh_new', {}, THEIRS)
    happens(world, THEIRS, 1)
    return world.references().findIndex(of('wh_new'))
  }

  it('does not stand before the first try of a new one, while it fails', async () => {
    const world = listening({ wh_1: MINE })
    leave(world, 'wh_1')
    await world.memory.ring(world.wake)
    expect(isFirst(world)).toBe(20)
  })

  it('is given up in portions when it is disabled', async () => {
    const world = listening({ wh_1: MINE })
    leave(world, 'wh_1')
    world.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, status: 'disabled' })
    expect(countOf(world, 'wh_1', 'failed')).toBe(500)
    expect(isFirst(world)).toBe(0)
    await world.memory.ringUntil(NOW + 3 * MINUTE_MS, world.wake)
    expect(countOf(world, 'wh_1', 'pending')).toBe(0)
  })

  it('is deleted in portions when it is removed, and none of it is sent', async () => {
    const world = listening({ wh_1: MINE })
    leave(world, 'wh_1')
    world.partition().webhooks.remove('wh_1', OPERATOR)
    expect(isFirst(world)).toBe(0)
    await world.memory.ringUntil(NOW + 3 * MINUTE_MS, world.wake)
    expect(world.memory.sql("SELECT 1 FROM deliveries WHERE webhook_id = 'wh_1'")).toEqual([])
    expect(world.memory.sql('SELECT * FROM removed_webhooks')).toEqual([])
    expect(world.references().filter(of('wh_1'))).toEqual([])
  })

  it('is left by today’s tables too: their rows are read and delivered', async () => {
    const sql = createInMemorySql()
    sql(WEBHOOK_TABLES[0])
    sql('CREATE TABLE schema_version (version INTEGER NOT NULL)')
    sql('INSERT INTO schema_version (version) VALUES (1)')
    const webhook = { webhookId: 'wh_1', client: MINE.client, hearsAll: false, url: 'https://shop.example/' }
    const rest = { types: ['OrderConfirmed'], secrets: [{ secret: 's' }], createdAt: NOW, changedAt: NOW }
    sql('INSERT INTO webhooks VALUES (?, ?)', 'wh_1', JSON.stringify({ ...webhook, ...rest }))
    for (const status of ['pending', 'delivered']) {
      const ids = { deliveryId: `msg_${status}`, webhookId: 'wh_1', eventId: status, type: 'OrderConfirmed' }
      const state = { status, attempts: 1, nextTryAt: NOW, queued: 0, dueAt: NOW, lastTriedAt: NOW - 1 }
      const document = JSON.stringify({ ...ids, body: '{}', createdAt: NOW, ...state })
      sql('INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)', 'wh_1', ids.deliveryId, status, NOW, document)
    }
    const world = createWebhookWorld({ sql })
    await world.memory.ring(world.wake)
    expect(world.attemptAll({ status: 204 })).toMatchObject([{ deliveryId: 'msg_pending', attempt: 2 }])
    expect(sql('SELECT webhook_id, recovered_at FROM endpoints')).toEqual([
      { webhook_id: 'wh_1', recovered_at: NOW - 1 },
    ])
  })
})
