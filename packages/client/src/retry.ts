import type { Environment } from './environment.ts'
import { NoAnswer } from './problem.ts'

export type RetryOptions = {
  /** How often a call is sent at most, including the first time. The default is 6; 1 means no retry. */
  attemptsMax?: number
  /** How long one attempt may take, in addition to the wait that the call itself prefers. The default is 15 s. */
  attemptTimeoutMs?: number
}

/** The five pauses take four to eight seconds together: longer than a Worker needs to start again. */
const ATTEMPTS_MAX = 6
/** More than a bank call (5 s) and a busy queue take together. */
const ATTEMPT_TIMEOUT_MS = 15_000
const PAUSE_MS = 250
const PAUSE_MS_MAX = 10_000
/** No caller waits longer than this inside a call. The caller gets the response that demands a longer wait. */
const RETRY_AFTER_MS_MAX = 60_000

/**
 * A `fetch` that repeats after a transient failure: no response, 429, 502, 503, 504, and 409 `request_in_progress`.
 * Every POST has an idempotency key, the same one in each attempt. So a request that arrives twice is done once.
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
      const result = await attemptOnce({ send, request, timeoutMs }, environment)
      const pauseMs = pauseAfter(result, attempt, environment)
      if (pauseMs === undefined || attempt >= attemptsMax) return responseOf(result, request, attempt)
      await environment.sleep(pauseMs, request.signal)
    }
  }

const repeatableHeaders = (request: Request, { freshKey }: Environment): Headers => {
  const headers = new Headers(request.headers)
  if (request.method === 'POST' && !headers.has('idempotency-key')) headers.set('idempotency-key', freshKey())
  return headers
}

/** Reads the body in advance, because a request can send its body only once. */
const bodyOf = async (request: Request): Promise<{ body?: string }> => {
  const body = request.method === 'GET' || request.method === 'HEAD' ? '' : await request.text()
  return body === '' ? {} : { body }
}

const preferredWaitMs = (headers: Headers): number =>
  Number(headers.get('prefer')?.match(/\bwait=(\d{1,2})\b/)?.[1] ?? 0) * 1_000

type AttemptResult = { response: Response; isInProgress: boolean } | { error: unknown }

type Attempt = {
  send(signal: AbortSignal): Promise<Response>
  request: Request
  timeoutMs: number
}

const attemptOnce = async (attempt: Attempt, { after }: Environment): Promise<AttemptResult> => {
  const { send, request, timeoutMs } = attempt
  const overdue = new AbortController()
  const cancel = after(timeoutMs, () => overdue.abort(new Error(`no response within ${timeoutMs} ms`)))
  try {
    const response = await send(AbortSignal.any([request.signal, overdue.signal]))
    return await received(response)
  } catch (error) {
    if (request.signal.aborted) throw error
    return { error }
  } finally {
    cancel()
  }
}

/**
 * Reads the response to its end, because one that breaks off counts as no response. A stream of events is left alone: it
 * has no end.
 */
const received = async (response: Response): Promise<AttemptResult> => {
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

/** How long to wait before the next attempt; `undefined` where another attempt would get the same response. */
const pauseAfter = (result: AttemptResult, attempt: number, environment: Environment): number | undefined => {
  const pauseMs = jittered(Math.min(PAUSE_MS * 2 ** (attempt - 1), PAUSE_MS_MAX), environment)
  if ('error' in result) return pauseMs
  const { response, isInProgress } = result
  if (!TRANSIENT.includes(response.status) && !isInProgress) return undefined
  const askedMs = retryAfterMs(response.headers.get('retry-after'), environment)
  return askedMs > RETRY_AFTER_MS_MAX ? undefined : Math.max(askedMs, pauseMs)
}

/** Between half of the time and all of it, so that callers that failed together do not come back together. */
const jittered = (ms: number, { chance }: Environment): number => Math.round((ms * (1 + chance())) / 2)

/** Seconds or a date (RFC 9110, 10.2.3). Anything else counts as no wait. */
const retryAfterMs = (header: string | null, { now }: Environment): number => {
  if (header === null) return 0
  if (/^\d+$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : at - now()
}

const responseOf = (result: AttemptResult, { method, url }: Request, attempts: number): Response => {
  if ('response' in result) return result.response
  const times = attempts === 1 ? 'once' : `${attempts} times`
  throw new NoAnswer(`${method} ${url} was sent ${times} and got no response: ${result.error}`, {
    cause: result.error,
  })
}
