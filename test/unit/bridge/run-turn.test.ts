import { describe, expect, it } from 'vitest'
import { feedSource } from '../../../src/bridge/feed-source.ts'
import { type Sink, Stop } from '../../../src/bridge/ports.ts'
import { restAfter, runTurn } from '../../../src/bridge/run-turn.ts'
import { createFakeBroker } from '../../support/bridge/fake-broker.ts'
import { createFakeFeed, feedEvent } from '../../support/bridge/fake-feed.ts'
import { createFaults } from '../../support/bridge/faults.ts'

const EVENTS = Array.from({ length: 25 }, (_, index) => feedEvent('ord_1', index + 1))

const failing = (error: Error): Sink<unknown> => ({
  deliver: async () => {
    throw error
  },
  close: async () => undefined,
})

const LONGEST = () => 1

describe('a turn', () => {
  it('ends quiet once all is delivered', async () => {
    const feed = createFakeFeed(EVENTS, 10)
    const broker = createFakeBroker()
    expect(await runTurn(feedSource(feed.client(createFaults())), broker.sink())).toEqual({ kind: 'quiet' })
    expect(broker.published).toHaveLength(EVENTS.length)
  })

  it('ends busy after ten pages, and the next one goes on', async () => {
    const feed = createFakeFeed(EVENTS, 2)
    const broker = createFakeBroker()
    const turn = () => runTurn(feedSource(feed.client(createFaults())), broker.sink())
    expect(await turn()).toEqual({ kind: 'busy' })
    expect(broker.published).toHaveLength(20)
    expect(await turn()).toEqual({ kind: 'quiet' })
    expect(broker.published.map(({ id }) => id)).toEqual(EVENTS.map(({ id }) => id))
  })

  it('ends with the first fault, which the consumer is told', async () => {
    const feed = createFakeFeed(EVENTS, 10)
    const end = await runTurn(feedSource(feed.client(createFaults())), failing(new Error('SQS is away')))
    expect(end).toEqual({ kind: 'failed', reason: 'SQS is away' })
    expect(feed.errors).toEqual(['SQS is away'])
  })

  it('tells the consumer also what a person has to correct', async () => {
    const feed = createFakeFeed(EVENTS, 10)
    const stop = new Stop('AWS refused the key.', 'Check it.')
    const end = await runTurn(feedSource(feed.client(createFaults())), failing(stop))
    expect(end).toEqual({ kind: 'stopped', reason: 'AWS refused the key. Check it.' })
    expect(feed.errors).toEqual(['AWS refused the key. Check it.'])
  })
})

describe('the rest after a turn', () => {
  const before = { quietTurns: 0, failures: 0 }

  it('is none while there is more', () => {
    expect(restAfter({ kind: 'busy' }, before, LONGEST)).toBe(0)
  })

  it('grows while it is quiet, up to half a minute', () => {
    const rests = [0, 1, 2, 3, 4, 5, 100_000].map((quietTurns) =>
      restAfter({ kind: 'quiet' }, { ...before, quietTurns }, LONGEST),
    )
    expect(rests).toEqual([1, 2, 4, 8, 16, 30, 30])
  })

  it('grows with the failures since the last commit, up to a minute', () => {
    const failed = { kind: 'failed', reason: 'SQS is away' } as const
    const rests = [0, 1, 2, 3, 4, 5, 6, 100_000].map((failures) =>
      restAfter(failed, { ...before, failures }, LONGEST),
    )
    expect(rests).toEqual([2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('is a minute where a person has to correct something', () => {
    expect(restAfter({ kind: 'stopped', reason: 'no such queue' }, before, LONGEST)).toBe(60)
  })
})
