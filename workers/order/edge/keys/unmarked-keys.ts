import { type Instant, SECOND_MS } from '../../../../src/kernel/instant.ts'

/** About a megabyte of an isolate's 128. A deployment with more such keys looks the rest up like guesses. */
export const LISTED_MAX = 10_000
/** New keys without a mark come only from older code, and from a deployment without `STORAGE_KEY`. */
const FRESH_MS = 30 * SECOND_MS
/** While so many requests read the list for the first time, further ones wait for it instead of reading it too. */
const READERS_MAX = 5
const WAIT_MS = SECOND_MS
const POLL_MS = 20

type Ports = { now: () => Instant; pause: (ms: number) => Promise<unknown> }

/** The ids of all good keys that have no mark. */
type ReadList = () => Promise<readonly string[]>

/** Distinguishes keys of older code from invented ones. It lives as long as the isolate that made it. */
export type UnmarkedKeys = {
  /** Whether there is such a key. Also false while the list is not read yet. */
  has(id: string, read: ReadList): Promise<boolean>
}

export const createUnmarkedKeys = ({ now, pause }: Ports): UnmarkedKeys => {
  let listed: { ids: ReadonlySet<string>; readAt: Instant } | undefined
  let readers = 0

  const refresh = async (read: ReadList): Promise<void> => {
    const startedAt = now()
    readers += 1
    try {
      listed = { ids: new Set(await read()), readAt: startedAt }
    } finally {
      readers -= 1
    }
  }

  /** The platform lets no request wait for a promise of another request, so this one polls for the list. */
  const untilListed = async (): Promise<void> => {
    for (let waited = 0; listed === undefined && waited < WAIT_MS; waited += POLL_MS) await pause(POLL_MS)
  }

  return {
    has: async (id, read) => {
      if (listed?.ids.has(id)) return true
      if (listed === undefined && readers >= READERS_MAX) await untilListed()
      else if (listed === undefined || (readers === 0 && now() - listed.readAt >= FRESH_MS))
        await refresh(read)
      return listed?.ids.has(id) ?? false
    },
  }
}
