import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.mjs'

/** @typedef {{ body?: object, idempotencyKey?: string }} Call */
/** @typedef {(method: string, path: string, call?: Call) => Promise<any>} Api */
/** @typedef {{ origin: string, key: string, deadline: AbortSignal }} Server */
/** @typedef {{ status: number, text: string }} Answer status 0: no answer, and the text says why */

const PAUSE_MS = 100
/** What takes long is asked for less often: each question that fails is some lines of the log. */
const PAUSE_MS_MAX = 5_000
const PAUSE_SHARE = 0.05

/** Longer than a first request takes that meets Workers still loading. */
const ANSWER_WITHIN_MS = 20_000

/**
 * The public API, asked until it answers: a system that is starting up may refuse at first.
 * @param {Server} server
 * @returns {Api}
 */
export const createApi = (server) => async (method, path, call) => {
  const answer = await askUntil(server, () => ask(server, method, path, call), isFinal)
  if (answer.status < 300) return JSON.parse(answer.text)
  throw new Failure(
    `${method} ${path} was refused: ${show(answer)}.`,
    'The demo catalogue could not be put in. Is BOOTSTRAP_KEY in .dev.vars the key this system was started with?',
  )
}

/**
 * Resolves once the answer to GET is what was hoped for.
 * @param {Server} server
 * @param {string} path
 * @param {(answer: Answer) => boolean} isHopedFor
 */
export const until = (server, path, isHopedFor) =>
  askUntil(server, () => ask(server, 'GET', path), isHopedFor)

/**
 * @param {Server} server
 * @param {() => Promise<Answer>} attempt
 * @param {(answer: Answer) => boolean} isEnough
 */
const askUntil = async ({ deadline }, attempt, isEnough) => {
  const began = Date.now()
  for (let last = await attempt(); ; last = await attempt()) {
    if (isEnough(last)) return last
    if (deadline.aborted) throw tooLate(last)
    await sleep(Math.min(Math.max(PAUSE_MS, PAUSE_SHARE * (Date.now() - began)), PAUSE_MS_MAX))
  }
}

/** @param {Answer} answer */
const isFinal = ({ status }) => status !== 0 && status < 500 && status !== 409 && status !== 429

/**
 * @param {Server} server
 * @param {string} method
 * @param {string} path
 * @param {Call} [call]
 * @returns {Promise<Answer>}
 */
const ask = async ({ origin, key }, method, path, { body, idempotencyKey } = {}) => {
  try {
    const response = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { status: 0, text: String(error) }
  }
}

/** @param {Answer} last */
const tooLate = (last) =>
  new Failure(
    `The system did not become ready in time. Its last answer was ${show(last)}.`,
    'Look for errors above. `WRANGLER_LOG=log npm start` shows all that the Workers log.',
  )

/** @param {Answer} answer */
const show = ({ status, text }) => `${status === 0 ? 'none' : status} (${text.trim().slice(0, 2_000)})`
