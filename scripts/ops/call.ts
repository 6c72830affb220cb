import {
  ApiProblem,
  type Client,
  createClient,
  ForeignAnswer,
  NoAnswer,
} from '../../packages/client/src/index.ts'
import { Failure } from '../failure.mjs'

export type Target = { url: string; key: string }

/** An operator does not wait long at a silent terminal: about a second of retries, half a minute for one response. */
const RETRIES = { attemptsMax: 3, attemptTimeoutMs: 30_000 }

/** The idempotency key of a call that may be done twice without harm: none is sent, so the system has none to remember. */
export const WITHOUT_KEY = { 'Idempotency-Key': '' }

export const connect = ({ url, key }: Target): Client =>
  createClient({ url, key, retries: RETRIES, fetch: (request) => fetch(withoutEmptyKey(request)) })

const withoutEmptyKey = (request: Request): Request => {
  if (request.headers.get('idempotency-key') === '') request.headers.delete('idempotency-key')
  return request
}

/** What went wrong with a call, and what to do. Any other error stays as it is. */
export const explained = (error: unknown, { url }: Target): unknown => {
  if (error instanceof ApiProblem) return refused(error)
  if (error instanceof NoAnswer) return unreachable(error, url)
  if (error instanceof ForeignAnswer) return new Failure(error.message, 'Check the address: see --url.')
  return error
}

const refused = ({ code, problem, retryAfter }: ApiProblem): Failure => {
  const { title, detail, traceId } = problem
  const happened = detail === `${title}.` ? detail : `${title}. ${detail}`
  const advice = ADVICE[code] ?? 'Search the log for the trace, and see docs/runbook.md.'
  return new Failure(
    `${happened} (${code}, trace ${traceId})`,
    retryAfter === null ? advice : `${advice} The system asks to wait ${retryAfter} s.`,
  )
}

const unreachable = ({ cause }: NoAnswer, url: string): Failure => {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
  return new Failure(
    `${url} does not respond: ${reason}`,
    'Check that the system runs. `npm start` starts it on this machine; --url or EDGE_ORDERS_URL selects another system.',
  )
}

const ADVICE: Partial<Record<string, string>> = {
  unauthorized: 'Give a valid key in EDGE_ORDERS_KEY, or pipe it to --key -.',
  forbidden: 'Use a key with the scope operations, such as the bootstrap key.',
  validation_failed: 'Correct the value that it names. --help shows the commands.',
  order_not_found: 'npm run ops -- orders list shows the ids.',
  payment_not_found: 'npm run ops -- payments list shows the ids.',
  product_not_found: 'npm run ops -- inventory list shows the ids.',
  webhook_not_found: 'npm run ops -- webhooks list shows the ids.',
  delivery_not_found: 'npm run ops -- webhooks deliveries ID shows the ids.',
  webhook_disabled: 'npm run ops -- webhooks enable ID enables it.',
  key_not_found: 'npm run ops -- keys list shows the ids.',
  dead_letter_not_found: 'npm run ops -- dead-letters list --status all shows the ids.',
  malformed_json: 'Correct the body.',
  event_not_accepted: 'Send OrderPlaced, as docs/api.md describes it. Nothing of the request was stored.',
  unknown_product: 'GET /products shows the ids. Nothing of the request was stored.',
  price_mismatch: 'Give the total that it names. Nothing of the request was stored.',
  order_id_taken: 'An order keeps its id for ever: give this one another id.',
  orders_paused: 'npm run ops -- orders paused shows why; orders resume takes new orders again.',
  pause_limit_reached: 'npm run ops -- orders paused shows them.',
  rate_limited: 'Try again later.',
  unavailable: 'Try again soon. /readyz names the part that is unavailable.',
  misconfigured: 'Correct the setting that it names. /readyz shows everything that is missing.',
}
