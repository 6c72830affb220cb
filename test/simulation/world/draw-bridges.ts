import type { Random } from '../platform/random.ts'
import type { Action } from './action.ts'
import type { Setup } from './setup.ts'

/** In every eighth world one or two bridges publish the feed to a topic. */
export const drawBridges = (feed: BridgedFeed, setup: Setup, random: Random): Action[] => {
  if (random.below(8) > 0) return []
  const atMs = random.below(setup.spanMs)
  const count = random.pick([1, 2, 2])
  const processes = Array.from({ length: count }, (_, index) => drawProcess(index, random))
  const rate = () => random.pick([0, 0.05, 0.2])
  const topicFaults = { refused: rate(), unconfirmed: rate(), late: rate(), outage: random.pick([0, 0.02]) }
  const afterMs = () => random.pick([100, 1_000, 5_000, 20_000])
  const adjustments = Array.from({ length: random.pick([0, 0, 1, 2]) }, () => ({
    afterMs: afterMs(),
    kind: random.pick(['seek', 'seek', 'pause', 'test'] as const),
  }))
  const resumed = adjustments.flatMap(({ kind, afterMs: pausedMs }) =>
    kind === 'pause' ? [{ kind: 'resume' as const, afterMs: pausedMs + afterMs() }] : [],
  )
  return [
    { kind: 'run bridges', feed, atMs, processes, topicFaults, adjustments: [...adjustments, ...resumed] },
  ]
}

type BridgedFeed = (Action & { kind: 'run bridges' })['feed']

const drawProcess = (index: number, random: Random) => ({
  startsAfterMs: random.pick([0, 500, 3_000]),
  holder: random.pick(['bridge', `bridge ${index}`]),
  leaseSeconds: random.pick([1, 3, 10, 30]),
  limit: random.pick([1, 3, 10, 100]),
  idleMs: random.pick([100, 1_000, 5_000]),
  callsMax: random.between(2, 10),
  crashes: random.pick([0, 0.1, 0.4]),
})
