import { describe, expect, it } from 'vitest'
import type { Instant } from '../../../src/kernel/instant.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { cursorAt, measureConsumers } from '../../../src/order/consumer-lag.ts'
import type { FeedStart } from '../../../src/order/feed.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../src/order/feed-cursor.ts'
import { readFeed } from '../../../src/order/feed-reader.ts'
import type { CommitRequest } from '../../../src/order/partition/feed-consumers.ts'
import { paymentAuthorized, stockReserved } from '../../support/builders.ts'
import { feedPartitionsOf } from '../../support/feed-partitions.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const begin = (world: OrderWorld, start: FeedStart = 'oldest') =>
  cursorAt(feedPartitionsOf(world), () => start, 'e1')

const createConsumer = async (start: FeedStart = 'oldest') => {
  const world = createOrderWorld()
  const consumers = () => world.partition().feedConsumers
  const cursor = await begin(world, start)
  consumers().put({ name: 'ledger', feed: 'orders', types: undefined, cursor })
  const lease = (holder: string | undefined, newToken: string, token?: string) =>
    consumers().lease('ledger', { holder, seconds: 30, token, newToken })
  const commit = (request: CommitRequest) => consumers().commit('ledger', request)
  const stored = () => consumers().list()[0]
  const lag = () => measureConsumers(feedPartitionsOf(world), consumers().list(), world.memory.now())
  const page = async (limit = 100) => {
    const read = await readFeed(feedPartitionsOf(world), {
      cursor: decodeFeedCursor(stored()?.cursor ?? ''),
      limit,
      newEpoch: 'e1',
    })
    if (!read.ok) throw new Error('refused')
    return { events: read.value.events.map(({ type }) => type), cursor: encodeFeedCursor(read.value.cursor) }
  }
  return { world, consumers, lease, commit, stored, lag, page }
}

describe('the lease of a consumer', () => {
  it('is held by one holder until it ends', async () => {
    const { world, lease, stored } = await createConsumer()
    expect(lease('a', 't1').ok).toBe(true)
    const expiresAt: Instant = world.memory.now() + 30 * SECOND_MS
    expect(stored()?.lease).toEqual({ token: 't1', holder: 'a', seconds: 30, expiresAt })
    expect(lease('b', 't2')).toEqual({ ok: false, reason: { code: 'leased', holder: 'a', expiresAt } })
    expect(lease(undefined, 't2').ok).toBe(false)
    world.memory.advance(30 * SECOND_MS)
    expect(lease('b', 't2').ok).toBe(true)
  })

  it('G12: the holder before the last can neither commit, nor report, nor renew', async () => {
    const { world, lease, commit, page, stored } = await createConsumer()
    lease('a', 't1')
    world.place()
    const { cursor } = await page()
    world.memory.advance(30 * SECOND_MS)
    lease('b', 't2')
    const before = stored()
    expect(commit({ token: 't1', cursor })).toEqual({ ok: false, reason: { code: 'lease_lost' } })
    expect(commit({ token: 't1', message: 'late' })).toEqual({ ok: false, reason: { code: 'lease_lost' } })
    expect(lease('a', 't3', 't1')).toEqual({ ok: false, reason: { code: 'lease_lost' } })
    expect(stored()).toEqual(before)
  })

  it('is renewed with its token, and by each commit', async () => {
    const { world, lease, commit, stored, page } = await createConsumer()
    lease('a', 't1')
    world.memory.advance(20 * SECOND_MS)
    lease('a', 't2', 't1')
    expect(stored()?.lease).toMatchObject({
      token: 't1',
      holder: 'a',
      expiresAt: world.memory.now() + 30 * SECOND_MS,
    })
    world.memory.advance(40 * SECOND_MS)
    const { cursor } = await page()
    expect(commit({ token: 't1', cursor }).ok).toBe(true)
    expect(stored()?.lease?.expiresAt).toBe(world.memory.now() + 30 * SECOND_MS)
  })

  it('goes at once to a holder of the same name, which came back, and fences the one that it replaces', async () => {
    const { lease, commit, stored } = await createConsumer()
    lease('a', 't1')
    expect(lease('a', 't2').ok).toBe(true)
    expect(commit({ token: 't1', message: 'late' }).ok).toBe(false)
    expect(commit({ token: 't2', cursor: stored()?.cursor ?? '' }).ok).toBe(true)
  })
})

describe('the cursor of a consumer', () => {
  it('moves with a commit alone, and survives a restart', async () => {
    const { world, lease, commit, page, stored, lag } = await createConsumer('now')
    world.place()
    lease('a', 't1')
    const first = await page()
    expect(first.events).toEqual(['OrderPlaced'])
    expect(await page()).toEqual(first)
    commit({ token: 't1', message: 'the broker is away' })
    expect(stored()).toMatchObject({ failures: 1, lastError: { message: 'the broker is away' } })
    expect(await page()).toEqual(first)
    commit({ token: 't1', cursor: first.cursor })
    world.restart()
    expect(stored()).toMatchObject({ cursor: first.cursor, failures: 0 })
    expect((await page()).events).toEqual([])
    expect(await lag()).toEqual([{ ok: true, value: { events: 0, seconds: 0 } }])
  })

  it('is refused if it is of another epoch, or leaves a partition out', async () => {
    const { world, lease, commit, stored } = await createConsumer()
    lease('a', 't1')
    const other = await cursorAt({ ...feedPartitionsOf(world), labels: ['1'] }, () => 'oldest', 'e1')
    expect(commit({ token: 't1', cursor: other })).toEqual({ ok: false, reason: { code: 'cursor_refused' } })
    world.partition().feed.switchOff()
    const later = await cursorAt(feedPartitionsOf(world), () => 'oldest', 'e2')
    const before = stored()
    expect(commit({ token: 't1', cursor: later })).toEqual({ ok: false, reason: { code: 'cursor_refused' } })
    expect(stored()).toEqual(before)
  })

  it('is moved by a seek, which ends the lease: the holder cannot go on on its old way', async () => {
    const { world, consumers, lease, commit, page } = await createConsumer()
    world.place()
    lease('a', 't1')
    const { cursor } = await page()
    commit({ token: 't1', cursor })
    consumers().adjust('ledger', { kind: 'seek', cursor: await begin(world) })
    expect(commit({ token: 't1', cursor }).ok).toBe(false)
    expect(lease('a', 't2', 't1')).toEqual({ ok: false, reason: { code: 'lease_lost' } })
    expect(lease('b', 't3').ok).toBe(true)
    expect((await page()).events).toEqual(['OrderPlaced'])
  })

  it('stays while the consumer is paused, which nobody can lease then', async () => {
    const { consumers, lease, commit, stored } = await createConsumer()
    lease('a', 't1')
    consumers().adjust('ledger', { kind: 'pause' })
    expect(commit({ token: 't1', message: 'late' }).ok).toBe(false)
    expect(lease('a', 't2')).toEqual({ ok: false, reason: { code: 'paused' } })
    consumers().adjust('ledger', { kind: 'resume' })
    expect(stored()).not.toHaveProperty('pausedAt')
    expect(lease('a', 't2').ok).toBe(true)
  })

  it('leads to a test event first, once one is asked for', async () => {
    const { world, consumers, lease, commit, page } = await createConsumer()
    world.place()
    consumers().adjust('ledger', { kind: 'test', testId: '01m84cect7ws6kqky32zvfd1pr' })
    lease('a', 't1')
    const first = await page()
    expect(first.events).toEqual(['FeedTested'])
    commit({ token: 't1', cursor: first.cursor })
    expect((await page()).events).toEqual(['OrderPlaced'])
  })
})

describe('the lag of a consumer', () => {
  it('is the facts that it does not have, and the age of the first of them', async () => {
    const { world, lag, page, lease, commit } = await createConsumer('now')
    expect(await lag()).toEqual([{ ok: true, value: { events: 0, seconds: 0 } }])
    world.place()
    world.answer(stockReserved(), paymentAuthorized())
    world.memory.advance(5 * SECOND_MS)
    expect(await lag()).toEqual([{ ok: true, value: { events: 4, seconds: 5 } }])
    lease('a', 't1')
    commit({ token: 't1', cursor: (await page(2)).cursor })
    const [after] = await lag()
    expect(after).toMatchObject({ ok: true, value: { events: 4 } })
    commit({ token: 't1', cursor: (await page()).cursor })
    expect(await lag()).toEqual([{ ok: true, value: { events: 0, seconds: 0 } }])
  })

  it('counts what was before the feed was on', async () => {
    const { world, lag, consumers } = await createConsumer()
    world.partition().feed.switchOff()
    world.place()
    world.answer(stockReserved(), paymentAuthorized())
    consumers().adjust('ledger', {
      kind: 'seek',
      cursor: await cursorAt(feedPartitionsOf(world), () => 'oldest', 'e2'),
    })
    expect(await lag()).toMatchObject([{ ok: true, value: { events: 4 } }])
  })

  it('is unknown once the feed was switched off', async () => {
    const { world, lag } = await createConsumer()
    world.partition().feed.switchOff()
    expect(await lag()).toEqual([{ ok: false, reason: 'cursor_refused' }])
  })
})

it('fifty consumers are the most, and removing one makes room', async () => {
  const { consumers, stored } = await createConsumer()
  const cursor = stored()?.cursor ?? ''
  const put = (name: string) => consumers().put({ name, feed: 'orders', types: ['OrderPlaced'], cursor }).ok
  for (let count = 1; count < 50; count += 1) expect(put(`c${count}`)).toBe(true)
  expect(put('c50')).toBe(false)
  expect(put('c1')).toBe(true)
  expect(consumers().remove('c1')).toBe(true)
  expect(consumers().remove('c1')).toBe(false)
  expect(put('c50')).toBe(true)
})
