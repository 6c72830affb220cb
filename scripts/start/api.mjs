import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.mjs'

/** @typedef {{ body?: object, idempotencyKey?: string }} Call */
/** @typedef {(method: string, path: string, call?: Call) => Promise<unknown>} Api */
/** @typedef {{ origin: string, key: string, deadline: AbortSignal }} Server */
/** @typedef {{ status: number, text: string }} Result of a request; without a response the status is 0 and the text says why */

const PAUSE_MS = 100
/** A long wait has longer pauses: each failed request adds some lines to the log. */
const PAUSE_MS_MAX = 5_000
const PAUSE_SHARE = 0.05

/** Longer than the first request takes while the Workers are still loading. */
const RESPONSE_WITHIN_MS = 20_000

/**
 * Calls the public API, and repeats what fails: a system that is starting may refuse at first.
 * @param {Server} server
 * @returns {Api}
 */
export const createApi = (server) => async (method, path, call) => {
  const result = await repeat(server, () => request(server, method, path, call), isFinal)
  if (result.status < 300) return JSON.parse(result.text)
  throw new Failure(
    `The demo catalogue is incomplete: ${method} ${path} was refused with ${show(result)}.`,
    'Check that BOOTSTRAP_KEY in .dev.vars is the key with which this system was started.',
  )
}

/**
 * Repeats GET until the result is good.
 * @param {Server} server
 * @param {string} path
 * @param {(result: Result) => boolean} isGood
 */
export const until = (server, path, isGood) => repeat(server, () => request(server, 'GET', path), isGood)

/**
 * @param {Server} server
 * @param {() => Promise<Result>} attempt
 * @param {(result: Result) => boolean} isGood
 */
const repeat = async ({ deadline }, attempt, isGood) => {
  const began = Date.now()
  for (let last = await attempt(); ; last = await attempt()) {
    if (isGood(last)) return last
    if (deadline.aborted) throw tooLate(last)
    await sleep(Math.min(Math.max(PAUSE_MS, PAUSE_SHARE * (Date.now() - began)), PAUSE_MS_MAX))
  }
}

/** @param {Result} result */
const isFinal = ({ status }) => status !== 0 && status < 500 && status !== 409 && status !== 429

/**
 * @param {Server} server
 * @param {string} method
 * @param {string} path
 * @param {Call} [call]
 * @returns {Promise<Result>}
 */
const request = async ({ origin, key }, method, path, { body, idempotencyKey } = {}) => {
  try {
    const response = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      signal: AbortSignal.timeout(RESPONSE_WITHIN_MS),
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { status: 0, text: String(error) }
  }
}

/** @param {Result} last */
const tooLate = (last) =>
  new Failure(
    `The system did not become ready in time. The last response was ${show(last)}.`,
    'Look for errors above. `WRANGLER_LOG=log npm start` shows the whole log of the Workers.',
  )

/** @param {Result} result */
const show = ({ status, text }) => `${status === 0 ? 'none' : status} (${text.trim().slice(0, 2_000)})`
