import { type Result, refusal, success } from '../kernel/result.ts'
import type { HourlyAllowance, TooMany } from './hourly-allowance.ts'
import {
  type IdempotentRequest,
  type Recalled,
  recall,
  remember,
  type StoredResponse,
} from './idempotency.ts'
import type { PartitionHost } from './partition.ts'

/** Work that is done: what the caller gets, and what is stored of it under the caller's key. */
export type Done<Reply> = { reply: Reply; toStore(): StoredResponse }

type Known<Reply, Refusal> = {
  /** The first reply again, from what was stored of it. */
  replay(stored: StoredResponse): Reply
  /** Where another partition replies to the key by now. Only keys of new orders ever come to this. */
  fenced?: Refusal
  /** Where this partition was full, and another one does the work. Only keys of new orders ever come to this. */
  moved?(to: string): Refusal
}

/** A request that changes something, in the steps that are its own. */
export type IdempotentWork<Reply, Admitted, Refusal> = Known<Reply, Refusal> & {
  /** None where the caller gave no key: then the work is done each time. */
  request: IdempotentRequest | undefined
  /** Looks and changes nothing: finds what the work needs, or refuses. */
  admit(): Result<Admitted, Refusal>
  work(admitted: Admitted): Result<Done<Reply>, Refusal>
}

/** The reply, and whether it is the one to an earlier request. */
export type Replied<Reply, Refusal> = Result<
  Reply & { isReplay: boolean },
  Refusal | { code: 'idempotency_key_reused' }
>

type Host = Pick<PartitionHost, 'sql' | 'now'>

/**
 * In a turn: recall, replay, work, remember. What is stored under the key is part of the commit that has the effect. A
 * refused request leaves its key free.
 */
export const workOnce = <Reply extends object, Admitted, Refusal>(
  { sql, now }: Host,
  own: IdempotentWork<Reply, Admitted, Refusal>,
): Replied<Reply, Refusal> => {
  const { request } = own
  const at = now()
  const recalled = recall(sql, request, at)
  if (recalled.kind !== 'new') return repliedBefore(recalled, own)
  const admitted = own.admit()
  if (!admitted.ok) return admitted
  const done = own.work(admitted.value)
  if (!done.ok) return done
  if (request !== undefined) remember(sql, request, done.value.toStore(), at)
  return success({ ...done.value.reply, isReplay: false })
}

/** The reply to a request whose key was used before. */
export const repliedBefore = <Reply extends object, Refusal>(
  recalled: Exclude<Recalled, { kind: 'new' }>,
  { replay, fenced, moved }: Known<Reply, Refusal>,
): Replied<Reply, Refusal> => {
  if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
  if (recalled.kind === 'replay') return success({ ...replay(recalled.answer), isReplay: true })
  const elsewhere = recalled.kind === 'moved' ? moved?.(recalled.to) : fenced
  if (elsewhere === undefined)
    throw new Error(`Broken invariant: a key is ${recalled.kind} that no new order can have`)
  return refusal(elsewhere)
}

/** The same within a bound: how many keys a client may use in this partition within an hour. */
export const workOnceWithin = <Reply extends object, Admitted, Refusal>(
  { host, keys }: { host: Host; keys: HourlyAllowance },
  own: IdempotentWork<Reply, Admitted, Refusal>,
): Replied<Reply, Refusal | TooMany> =>
  workOnce<Reply, Admitted, Refusal | TooMany>(host, {
    ...own,
    admit: () => {
      const admitted = own.admit()
      const retryAfterSeconds = admitted.ok ? keys.retryAfterSeconds(own.request?.client) : undefined
      return retryAfterSeconds === undefined ? admitted : refusal({ code: 'rate_limited', retryAfterSeconds })
    },
    work: (admitted) => {
      const done = own.work(admitted)
      if (done.ok) keys.count(own.request?.client)
      return done
    },
  })
