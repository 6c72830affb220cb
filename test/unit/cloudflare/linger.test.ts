import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { messageSettingsOf } from '../../../src/cloudflare/message-settings.ts'
import { createDurableHost } from '../../../src/cloudflare/partition-host.ts'
import { createLingeringPublish } from '../../../src/cloudflare/publisher.ts'
import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import { factNoted } from '../../support/builders.ts'

const LINGER_MS = 10

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const event = (name: string): Outgoing => ({ to: 'order', event: factNoted(name, ['id']) })
const namesOf = (outgoing: readonly Outgoing[]) => outgoing.map(({ event: { subject } }) => subject)

/** A publisher whose sends take so long, and what it sent when. */
const slowPublisher = ({ sendMs = 0, fails = false } = {}) => {
  const startedAt = Date.now()
  const sent: [number, string[]][] = []
  const publish = async (outgoing: readonly Outgoing[]) => {
    sent.push([Date.now() - startedAt, namesOf(outgoing)])
    if (sendMs > 0) await new Promise((resolve) => setTimeout(resolve, sendMs))
    if (fails) throw new Error('overloaded')
  }
  return { publisher: { publish, lingerMs: LINGER_MS }, sent }
}

describe('a partition', () => {
  const partitionOf = (options?: Parameters<typeof slowPublisher>[0]) => {
    const { publisher, sent } = slowPublisher(options)
    const ctx = {
      storage: { sql: {}, getAlarm: async () => null, transactionSync: (run: () => unknown) => run() },
      blockConcurrencyWhile: async (begin: () => Promise<void>) => await begin(),
      waitUntil: () => {},
    }
    const { host } = createDurableHost(ctx as unknown as DurableObjectState, publisher, () => {})
    const put = (name: string) => host.turn(() => host.publish([event(name)]))
    return { put, sent }
  }

  it('sends the first event at once, and those of the next moments together', async () => {
    const { put, sent } = partitionOf()
    put('a')
    await vi.advanceTimersByTimeAsync(2)
    put('b')
    await vi.advanceTimersByTimeAsync(3)
    put('c')
    await vi.advanceTimersByTimeAsync(100)
    put('d')
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toEqual([
      [0, ['a']],
      [10, ['b', 'c']],
      [105, ['d']],
    ])
  })

  it('waits no longer where the send before took longer than the linger', async () => {
    const { put, sent } = partitionOf({ sendMs: 30 })
    put('a')
    await vi.advanceTimersByTimeAsync(2)
    put('b')
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toEqual([
      [0, ['a']],
      [30, ['b']],
    ])
  })

  it('goes on after a send that failed', async () => {
    const { put, sent } = partitionOf({ fails: true })
    put('a')
    put('b')
    await vi.advanceTimersByTimeAsync(2)
    put('c')
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toEqual([
      [0, ['a', 'b']],
      [10, ['c']],
    ])
  })
})

describe('a Worker', () => {
  it('sends the first publication at once, and those of the next moments together', async () => {
    const { publisher, sent } = slowPublisher()
    const publish = createLingeringPublish(publisher, Date.now)
    await publish([event('a')])
    const later = [publish([event('b')]), publish([event('c')])]
    await vi.advanceTimersByTimeAsync(LINGER_MS)
    await Promise.all(later)
    expect(sent).toEqual([
      [0, ['a']],
      [10, ['b', 'c']],
    ])
  })

  it('resolves only once what was handed to it is sent', async () => {
    const { publisher } = slowPublisher({ sendMs: 30 })
    const publish = createLingeringPublish(publisher, Date.now)
    const ended: string[] = []
    for (const name of ['a', 'b']) void publish([event(name)]).then(() => ended.push(name))
    await vi.advanceTimersByTimeAsync(29)
    expect(ended).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(10)
    expect(ended).toEqual(['a', 'b'])
  })

  it('rejects for each publication of a send that failed, and sends the next ones', async () => {
    const { publisher, sent } = slowPublisher({ fails: true })
    const publish = createLingeringPublish(publisher, Date.now)
    const endings = Promise.allSettled(['a', 'b', 'c'].map((name) => publish([event(name)])))
    await vi.advanceTimersByTimeAsync(LINGER_MS)
    expect((await endings).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    const next = expect(publish([event('d')])).rejects.toThrow('overloaded')
    await vi.advanceTimersByTimeAsync(LINGER_MS)
    await next
    expect(sent.map(([, names]) => names)).toEqual([['a'], ['b', 'c'], ['d']])
  })

  it('gives up on a shared send that never ends', async () => {
    let calls = 0
    const publish = async () => {
      calls += 1
      if (calls > 1) await new Promise(() => {})
    }
    const lingering = createLingeringPublish({ publish, lingerMs: LINGER_MS }, Date.now)
    await lingering([event('a')])
    const gaveUp = expect(lingering([event('b')])).rejects.toThrow('a shared send took more than')
    await vi.advanceTimersByTimeAsync(60_000)
    await gaveUp
  })
})

describe('LINGER_MS', () => {
  it.each([
    [{}, 0],
    [{ LINGER_MS: '10' }, 10],
    [{ LINGER_MS: '1001' }, 0],
    [{ LINGER_MS: 'long' }, 0],
  ])('%j → %i', (env, lingerMs) => {
    expect(messageSettingsOf(env)).toMatchObject({ format: 'text', lingerMs })
  })
})
