import type { Environment } from '../../packages/client/src/index.ts'

type Answer = Response | Error | 'silence'

/** What arrived, as it was sent. */
type Sent = { method: string; path: string; key: string | null; body: string; headers: Headers }

/** Chance that always falls on the longest pause. */
const LONGEST = 1 - Number.EPSILON

/** A server that answers by a script, and a clock on which no time passes but the pauses asked for. */
export const scriptedServer = (...answers: Answer[]) => {
  const sent: Sent[] = []
  const pauses: number[] = []
  const overdue: (() => void)[] = []
  const keys = { fresh: 0 }
  const clock = { now: Date.parse('2026-11-23T12:00:00Z') }
  const environment: Environment = {
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url)
      sent.push({
        method: request.method,
        path: pathname + search,
        key: request.headers.get('idempotency-key'),
        body: await request.text(),
        headers: request.headers,
      })
      const answer = answers.shift()
      if (answer === undefined) throw new Error('the script has no more answers')
      if (answer instanceof Error) throw answer
      if (answer !== 'silence') return answer
      timeOut()
      return await aborted(request.signal)
    },
    now: () => clock.now,
    sleep: async (ms) => {
      pauses.push(ms)
      clock.now += ms
    },
    after: (_ms, act) => {
      overdue.push(act)
      return () => undefined
    },
    chance: () => LONGEST,
    freshKey: () => {
      keys.fresh += 1
      return `fresh-${keys.fresh}`
    },
  }
  /** The attempt or connection that is waited for takes too long. */
  const timeOut = () => overdue.at(-1)?.()
  return { environment, sent, pauses, timeOut }
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

export const problemAnswer = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(
    JSON.stringify({ type: `urn:${code}`, title: code, status, detail: code, code, traceId: 't' }),
    {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    },
  )
