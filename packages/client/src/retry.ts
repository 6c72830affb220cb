import type { Environment } from './environment.ts'
import { NoAnswer } from './problem.ts'

export type RetryOptions = {
  /** How often a call is sent at most, the first time included; 6 if not given, 1 for never again. */
  attemptsMax?: number
  /** How long one attempt may take, beside what the call itself prefers to wait; 15 s if not given. */
  attemptTimeoutMs?: number
}

/** Five pauses of together four to eight seconds: longer than a Worker takes to come back. */
const ATTEMPTS_MAX = 6
/** Above what a bank call (5 s) and a busy queue take together. */
const ATTEMPT_TIMEOUT_MS = 15_000
const PAUSE_MS = 250
const PAUSE_MS_MAX = 10_000
/** Nobody waits for longer in the middle of a call: the answer that asks for it is handed over instead. */
const RETRY_AFTER_MS_MAX = 60_000

/**
 * A `fetch` that repeats what failed in passing: no answer, 429, 502, 503, 504, and 409 `request_in_progress`.
 * Every POST carries an idempotency key, the same one each time, so that whatever arrived twice is done once.
 */
export const retrying =
  (environment: Environment, options: RetryOptions = {}) =>
  async (request: Request): Promise<Response> => {
    const { attemptsMax = ATTEMPTS_MAX, attemptTimeoutMs = ATTEMPT_TIMEOUT_MS } = options
    const headers = repeatableHeaders(request, environment)
    const body = await bodyOf(request)
    const timeoutMs = attemptTimeoutMs + preferredWaitMs(headers)
    const send = (signal: AbortSignal) =>
      environment.fetch(new Request(request, { headers, signal, ...body }))
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptOnce({ send, request, timeoutMs }, environment)
      const pauseMs = pauseAfter(outcome, attempt, environment)
      if (pauseMs === undefined || attempt >= attemptsMax) return answerOf(outcome, request, attempt)
      await environment.sleep(pauseMs, request.signal)
    }
  }

const repeatableHeaders = (request: Request, { freshKey }: Environment): Headers => {
  const headers = new Headers(request.headers)
  if (request.method === 'POST' && !headers.has('idempotency-key')) headers.set('idempotency-key', freshKey())
  return headers
}

/** Read once: a request's body can be sent only once. */
const bodyOf = async (request: Request): Promise<{ body?: string }> => {
  const body = request.method === 'GET' || request.method === 'HEAD' ? '' : await request.text()
  return body === '' ? {} : { body }
}

const preferredWaitMs = (headers: Headers): number =>
  Number(headers.get('prefer')?.match(/\bwait=(\d{1,2})\b/)?.[1] ?? 0) * 1_000

type Outcome = { response: Response; isInProgress: boolean } | { error: unknown }

type Attempt = {
  send(signal: AbortSignal): Promise<Response>
  request: Request
  timeoutMs: number
}

const attemptOnce = async (attempt: Attempt, { after }: Environment): Promise<Outcome> => {
  const { send, request, timeoutMs } = attempt
  const overdue = new AbortController()
  const callOff = after(timeoutMs, () => overdue.abort(new Error(`no answer within ${timeoutMs} ms`)))
  try {
    const response = await send(AbortSignal.any([request.signal, overdue.signal]))
    return await received(response)
  } catch (error) {
    if (request.signal.aborted) throw error
    return { error }
  } finally {
    callOff()
  }
}

/** An answer that breaks off half-way is none, so it is read to its end here; but for a stream, which has none. */
const received = async (response: Response): Promise<Outcome> => {
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return { response, isInProgress: false }
  }
  const text = await response.text()
  const { status, statusText, headers } = response
  return {
    response: new Response(text === '' ? null : text, { status, statusText, headers: [...headers] }),
    isInProgress: status === 409 && text.includes('"request_in_progress"'),
  }
}

const TRANSIENT = [429, 502, 503, 504]

/** How long to wait before the next attempt; `undefined` where another one would change nothing. */
const pauseAfter = (outcome: Outcome, attempt: number, environment: Environment): number | undefined => {
  const pauseMs = jittered(Math.min(PAUSE_MS * 2 ** (attempt - 1), PAUSE_MS_MAX), environment)
  if ('error' in outcome) return pauseMs
  const { response, isInProgress } = outcome
  if (!TRANSIENT.includes(response.status) && !isInProgress) return undefined
  const askedMs = retryAfterMs(response.headers.get('retry-after'), environment)
  return askedMs > RETRY_AFTER_MS_MAX ? undefined : Math.max(askedMs, pauseMs)
}

/** Between half of it and all of it, so that callers who failed together do not come back together. */
const jittered = (ms: number, { chance }: Environment): number => Math.round((ms * (1 + chance())) / 2)

/** Seconds or a date (RFC 9110, 10.2.3); what is neither asks for nothing. */
const retryAfterMs = (header: string | null, { now }: Environment): number => {
  if (header === null) return 0
  if (/^\d+$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : at - now()
}

const answerOf = (outcome: Outcome, { method, url }: Request, attempts: number): Response => {
  if ('response' in outcome) return outcome.response
  const times = attempts === 1 ? 'once' : `${attempts} times`
  throw new NoAnswer(`${method} ${url} was sent ${times} and never answered: ${outcome.error}`, {
    cause: outcome.error,
  })
}
