import type { Instant } from '../../../../src/kernel/instant.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../../src/kernel/result.ts'
import type { ApiKey } from './key-list.ts'
import { createUnmarkedKeys, type UnmarkedKeys } from './unmarked-keys.ts'

/** A revoked key is refused within a minute; this is half of it. */
const FRESH_MS = 30 * SECOND_MS
/** About three megabytes of an isolate's 128. */
const KNOWN_MAX = 10_000
/** Apart from the known ones, so that a flood of inventions pushes out no real key. */
const UNKNOWN_MAX = 10_000
/** More keys whose making cannot be told do not come to one isolate, unless somebody invents them. */
const STRANGERS_A_SECOND_MAX = 20

type Ports = {
  read: (id: string) => Promise<ApiKey | undefined>
  /** Whether the key is known to have been made here: then no flood of invented ones keeps it from being read. */
  isOurs: () => Promise<boolean>
}

/** What is remembered of an id: its key, or that there is none. */
type Memory = { key: ApiKey | undefined; readAt: Instant }

/** Keys as they were read at most half a minute ago. It lives as long as the isolate that made it. */
export type KeyRing = {
  /** The key with this id, or none. Refused where so many invented ids come that the database is not asked any more. */
  find(id: string, ports: Ports): Promise<Result<ApiKey | undefined, 'flooded'>>
  /** What was just changed by this isolate is read again. */
  forget(id: string): void
  /** Tells keys of older code, which have no mark, from invented ones. */
  readonly unmarked: UnmarkedKeys
}

const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

export const createKeyRing = (now: () => Instant, pause: (ms: number) => Promise<void> = sleep): KeyRing => {
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
    unmarked: createUnmarkedKeys({ now, pause }),

    find: async (id, { read, isOurs }) => {
      const memory = known.get(id) ?? unknown.get(id)
      const startedAt = now()
      if (memory !== undefined && startedAt - memory.readAt < FRESH_MS) return success(memory.key)
      const isStranger = !known.has(id) && !(await isOurs())
      if (isStranger && strangers() > STRANGERS_A_SECOND_MAX) return refusal('flooded')
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
