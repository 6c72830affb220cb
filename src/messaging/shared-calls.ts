import { type Result, refusal } from '../kernel/result.ts'
import type { FairLine, SharedCall } from './fair-line.ts'

/** A caller's request among those that share a call, and its reply. */
export type Asked<Request, Reply> = {
  request: Request
  reply: PromiseWithResolvers<Reply>
}

/** The replies to the requests of one call, in their order. One that failed is refused with its error. */
export type SendAll<Request, Reply> = (
  requests: readonly Request[],
) => Promise<readonly Result<Reply, unknown>[]>

type Timing = {
  /** Runs after so long, unless the function that it returns is called before. */
  after(ms: number, run: () => void): () => void
  /** After this time in the line a request goes ahead anyway: the line is for fairness, and refuses no request. */
  waitMsMax: number
  /** How long a caller waits for a call that another one makes. */
  replyMsMax: number
}

type Sharing<Request, Reply> = {
  line: FairLine<Asked<Request, Reply>>
  bearer: string
  asked: { request: Request; cost: number; bytes: number }
  /** Calls with the caller's own connection. */
  sendAll: SendAll<Request, Reply>
}

/**
 * A request in a call that several callers share. The caller of the first request makes the call, and the others wait.
 * Each of them holds a timer of its own: the runtime ends an invocation that waits only for another's promise as hung.
 */
export const callTogether = async <Request, Reply>(
  { line, bearer, asked, sendAll }: Sharing<Request, Reply>,
  { after, waitMsMax, replyMsMax }: Timing,
): Promise<Reply> => {
  const { request, cost, bytes } = asked
  const reply = Promise.withResolvers<Reply>()
  // The caller may be gone when its reply comes.
  reply.promise.catch(() => undefined)
  const item: Asked<Request, Reply> = { request, reply }
  const seat = line.share(bearer, { item, cost, bytes })
  const stopWaiting = after(waitMsMax, seat.hurry)
  const call = await seat.call
  const stopHolding = after(replyMsMax, () => reply.reject(unanswered()))
  stopWaiting()
  try {
    if (call.items[0] === item) await lead(call, sendAll)
    return await reply.promise
  } finally {
    stopHolding()
  }
}

/** Makes the call. One request that fails gets its own error; a call that fails is the error of each. */
const lead = async <Request, Reply>(
  { items, end }: SharedCall<Asked<Request, Reply>>,
  sendAll: SendAll<Request, Reply>,
): Promise<void> => {
  try {
    const replies = await sendAll(items.map(({ request }) => request))
    for (const [index, { reply }] of items.entries()) {
      const own = replies[index] ?? refusal('Broken invariant: a call has no reply to one of its requests')
      if (own.ok) reply.resolve(own.value)
      else reply.reject(own.reason instanceof Error ? own.reason : new Error(String(own.reason)))
    }
  } catch (error) {
    for (const { reply } of items) reply.reject(error)
  } finally {
    end()
  }
}

/** The caller that made the call is gone. What became of the requests is not known; under a key each may be repeated. */
const unanswered = (): Error =>
  Object.assign(new Error('The call that this request was part of had no reply'), { retryable: true })
