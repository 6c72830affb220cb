import {
  ApiProblem,
  type Client,
  createClient,
  ForeignAnswer,
  NoAnswer,
} from '../../packages/client/src/index.ts'
import { Failure } from '../failure.mjs'

export type Target = { url: string; key: string }

/** An operator does not look at a silent terminal for long: about a second of retries, half a minute for one answer. */
const RETRIES = { attemptsMax: 3, attemptTimeoutMs: 30_000 }

export const connect = ({ url, key }: Target): Client => createClient({ url, key, retries: RETRIES })

/** What went wrong with a call, and what to do; anything else as it is. */
export const explained = (error: unknown, { url }: Target): unknown => {
  if (error instanceof ApiProblem) return refused(error)
  if (error instanceof NoAnswer) return away(error, url)
  if (error instanceof ForeignAnswer) return new Failure(error.message, 'Is the address right? See --url.')
  return error
}

const refused = ({ code, problem, retryAfter }: ApiProblem): Failure => {
  const { title, detail, traceId } = problem
  const said = detail === `${title}.` ? detail : `${title}. ${detail}`
  const advice = ADVICE[code] ?? 'Look for the trace in the log, and into docs/runbook.md.'
  return new Failure(
    `${said} (${code}, trace ${traceId})`,
    retryAfter === null ? advice : `${advice} It asks to wait ${retryAfter} s.`,
  )
}

const away = ({ cause }: NoAnswer, url: string): Failure => {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
  return new Failure(
    `${url} does not answer: ${reason}`,
    'Does it run? `npm start` starts it on this machine; --url or EDGE_ORDERS_URL name another.',
  )
}

const ADVICE: Partial<Record<string, string>> = {
  unauthorized: 'Give a good key in EDGE_ORDERS_KEY, or pipe it to --key -.',
  forbidden: 'Use a key with the scope operations, such as the bootstrap key.',
  validation_failed: 'Mend what it names; --help shows how commands are written.',
  key_not_found: 'npm run ops -- keys list shows the ids.',
  dead_letter_not_found: 'npm run ops -- dead-letters list --status all shows the ids.',
  rate_limited: 'Try again later.',
  unavailable: 'Try again soon; /readyz names the part that is away.',
  misconfigured: 'Mend the configuration that it names; /readyz shows all that is missing.',
}
