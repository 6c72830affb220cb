import { type Chance, retryAfterSeconds } from '../messaging/back-off.ts'
import { type Sink, type Source, Stop } from './ports.ts'
import { runBridge } from './run-bridge.ts'

/** A turn is one invocation, which may make a thousand calls. A page of 300 events takes about forty, and one of each partition. */
const PAGES_MAX = 10
/** An order after quiet hours waits at most so long. Each turn is a written row, so this is most of the cost of quiet hours. */
const REST_SECONDS_MAX = 30
/** A key or an address is wrong. A person corrects it, and the bridge finds out by itself. */
const STOPPED_SECONDS = 60

/** How a turn ended. `busy`: there may be more at once. `quiet`: none came while it waited. */
export type TurnEnd = { kind: 'busy' | 'quiet' } | { kind: 'failed' | 'stopped'; reason: string }

/**
 * Moves pages as `runBridge` does, for a bridge that sleeps in between: until none comes, some pages are through, or a
 * fault. What was not committed then is read again in the next turn.
 */
export const runTurn = async <Item>(source: Source<Item>, sink: Sink<Item>): Promise<TurnEnd> => {
  const ending = new AbortController()
  let end: TurnEnd = { kind: 'busy' }
  let pages = 0
  const endWith = (reached: TurnEnd) => {
    end = reached
    ending.abort()
  }
  try {
    await runBridge(source, sink, {
      signal: ending.signal,
      pause: async () => undefined,
      chance: () => 0,
      onDelivered: (items) => {
        pages += 1
        if (items === 0) endWith({ kind: 'quiet' })
        else if (pages === PAGES_MAX) endWith({ kind: 'busy' })
      },
      onFailure: ({ error }) => endWith({ kind: 'failed', reason: reasonOf(error) }),
    })
    return end
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const reason = `${error.message} ${error.advice}`
    await source.rewind(reason).catch(() => undefined)
    return { kind: 'stopped', reason }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

type Before = {
  /** Turns since the last one that was busy. */
  quietTurns: number
  /** Failures since the last commit. */
  failures: number
}

/** Seconds until the next turn: none while there is more, longer the longer it is quiet, and a growing delay after faults. */
export const restAfter = (end: TurnEnd, { quietTurns, failures }: Before, chance: Chance): number => {
  switch (end.kind) {
    case 'busy':
      return 0
    case 'quiet':
      return Math.min(2 ** Math.min(quietTurns, 10), REST_SECONDS_MAX)
    case 'failed':
      return retryAfterSeconds(failures + 1, chance)
    default:
      return STOPPED_SECONDS
  }
}
