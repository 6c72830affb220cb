import type { Instant } from '../../../../src/kernel/instant.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../../src/kernel/result.ts'
import { hashApiKey } from './api-key.ts'
import type { ApiKey } from './key-list.ts'
import { createUnmarkedKeys, type UnmarkedKeys } from './unmarked-keys.ts'

/** A revoked key is refused within a minute; this is half of it. */
const FRESH_MS = 30 * SECOND_MS
/** About three megabytes of an isolate's 128. */
const KNOWN_MAX = 10_000
/** Apart from the known keys, so that a flood of invented ids displaces no real key. */
const UNKNOWN_MAX = 10_000
/** A flood of invented keys displaces hashes: then a good key is hashed again. */
const HASHES_MAX = 1_000
/** Our keys have 70 characters. A bootstrap key may have more; a longer one is hashed each time. */
const HASHED_LENGTH_MAX = 256
/** Real keys of unknown origin come to one isolate more slowly than this. Invented ones may come faster. */
const STRANGERS_A_SECOND_MAX = 20

type Ports = {
  read: (id: string) => Promise<ApiKey | undefined>
  /** Whether the key was surely made here: then it is read also during a flood of invented keys. */
  isOurs: () => Promise<boolean>
}

/** The remembered key of an id, or that there is none. */
type Memory = { key: ApiKey | undefined; readAt: Instant }

/** Remembers keys for half a minute after they were read. It lives as long as the isolate that made it. */
export type KeyRing = {
  /** The key with this id, or undefined. Refused during a flood of invented ids, which must not reach the database. */
  find(id: string, ports: Ports): Promise<Result<ApiKey | undefined, 'flooded'>>
  /** The hash of a presented key, made once for as long as the key is in use. It says nothing of whether the key is good. */
  hash(key: string): Promise<string>
  /** After a change by this isolate: the key is read again. */
  forget(id: string): void
  /** Distinguishes keys of older code, which have no mark, from invented ones. */
  readonly unmarked: UnmarkedKeys
}

const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

export const createKeyRing = (now: () => Instant, pause: (ms: number) => Promise<void> = sleep): KeyRing => {
  const known = new Map<string, Memory>()
  const unknown = new Map<string, Memory>()
  const strangers = countBySecond(now)
  const hashes = new Map<string, string>()

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
      // It is as old as the start of its query: the time of the query counts too.
      remember(id, { key, readAt: startedAt })
      return success(key)
    },

    hash: async (key) => {
      const known = hashes.get(key)
      if (known !== undefined) return known
      const hash = await hashApiKey(key)
      if (key.length <= HASHED_LENGTH_MAX) put(hashes, key, hash, HASHES_MAX)
      return hash
    },

    forget: (id) => {
      known.delete(id)
      unknown.delete(id)
    },
  }
}

/** Deletes the oldest memory when there are too many. */
const put = <Value>(memories: Map<string, Value>, id: string, memory: Value, most: number): void => {
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
