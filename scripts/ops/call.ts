import { problemSchema } from '../../src/contracts/http/problem.ts'
import { Failure } from '../failure.mjs'

/** The public API: what it answered, or a Failure that says what to do. */
export type Call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>

export type Target = { url: string; key: string }

/** Longer than a cold start; an operator does not look at a silent terminal for longer. */
const TIMEOUT_MS = 30_000

export const createCall =
  ({ url, key }: Target): Call =>
  async (method, path, body) => {
    const answer = await ask(url, path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await answer.text()
    if (!answer.ok) throw refused(answer, text)
    return text === '' ? undefined : JSON.parse(text)
  }

const ask = (url: string, path: string, request: RequestInit): Promise<Response> =>
  fetch(new URL(path, url), request).catch((error: Error) => {
    const { cause } = error
    throw new Failure(
      `${url} does not answer: ${cause instanceof Error && cause.message ? cause.message : error}`,
      'Does it run? `npm start` starts it on this machine; --url or EDGE_ORDERS_URL name another.',
    )
  })

const refused = (answer: Response, text: string): Failure => {
  const problem = problemSchema.safeParse(asJson(text)).data
  if (problem === undefined) {
    return new Failure(
      `${answer.status}: the answer is none of edge-orders.`,
      'Is the address right? See --url.',
    )
  }
  const { title, detail, code, traceId } = problem
  const said = detail === `${title}.` ? detail : `${title}. ${detail}`
  const advice = ADVICE[code] ?? 'Look for the trace in the log, and into docs/runbook.md.'
  const wait = answer.headers.get('retry-after')
  return new Failure(
    `${said} (${code}, trace ${traceId})`,
    wait === null ? advice : `${advice} It asks to wait ${wait} s.`,
  )
}

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const ADVICE: Record<string, string> = {
  unauthorized: 'Give a good key with --key or in EDGE_ORDERS_KEY.',
  forbidden: 'Use a key with the scope operations, such as the bootstrap key.',
  validation_failed: 'Mend what it names; --help shows how commands are written.',
  key_not_found: 'npm run ops -- keys list shows the ids.',
  dead_letter_not_found: 'npm run ops -- dead-letters list --status all shows the ids.',
  rate_limited: 'Try again later.',
  unavailable: 'Try again soon; /readyz names the part that is away.',
  misconfigured: 'Mend the configuration that it names; /readyz shows all that is missing.',
}
