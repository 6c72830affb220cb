import type { Instant } from '../../../src/kernel/instant.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../src/kernel/result.ts'
import type { ApiKey } from './key-list.ts'

/** A revoked key is refused within a minute; this is half of it. */
const FRESH_MS = 30 * SECOND_MS
/** About three megabytes of an isolate's 128. */
const KNOWN_MAX = 10_000
/** Apart from the known ones, so that a flood of inventions pushes out no real key. */
const UNKNOWN_MAX = 10_000
/** More keys that were never seen before do not come to one isolate, unless somebody invents them. */
const STRANGERS_A_SECOND_MAX = 100

type Read = (id: string) => Promise<ApiKey | undefined>

/** What is remembered of an id: its key, or that there is none. */
type Memory = { key: ApiKey | undefined; readAt: Instant }

/** Keys as they were read at most half a minute ago. It lives as long as the isolate that made it. */
export type KeyRing = {
  /** The key that was read under this id, although it may have been revoked since. It only tells a guess from none. */
  seen(id: string): ApiKey | undefined
  /** The key with this id, or none. Refused where so many unknown ids come that the database is not asked any more. */
  find(id: string, read: Read): Promise<Result<ApiKey | undefined, 'flooded'>>
  /** What was just changed by this isolate is read again. */
  forget(id: string): void
}

export const createKeyRing = (now: () => Instant): KeyRing => {
  const known = new Map<string, Memory>()
  const unknown = new Map<string, Memory>()
  const strangers = countBySecond(now)

  const remember = (id: string, memory: Memory): void => {
    known.delete(id)
    unknown.delete(id)
    if (memory.key === undefined) put(unknown, id, memory, UNKNOWN_MAX)
    else put(known, id, memory, KNOWN_MAX)
  }

  return {
    seen: (id) => known.get(id)?.key,

    find: async (id, read) => {
      const memory = known.get(id) ?? unknown.get(id)
      const startedAt = now()
      if (memory !== undefined && startedAt - memory.readAt < FRESH_MS) return success(memory.key)
      if (!known.has(id) && strangers() > STRANGERS_A_SECOND_MAX) return refusal('flooded')
      const key = await read(id)
      // As old as when it was asked for: what the answer took counts too.
      remember(id, { key, readAt: startedAt })
      return success(key)
    },

    forget: (id) => {
      known.delete(id)
      unknown.delete(id)
    },
  }
}

/** The oldest goes when there are too many. */
const put = (memories: Map<string, Memory>, id: string, memory: Memory, most: number): void => {
  const [oldest] = memories.keys()
  if (memories.size >= most && oldest !== undefined) memories.delete(oldest)
  memories.set(id, memory)
}

/** How often it was called in the current second. */
const countBySecond = (now: () => Instant): (() => number) => {
  const current = { second: 0, count: 0 }
  return () => {
    const second = Math.floor(now() / SECOND_MS)
    current.count = second === current.second ? current.count + 1 : 1
    current.second = second
    return current.count
  }
}
