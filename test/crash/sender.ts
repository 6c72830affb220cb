import { isDeepStrictEqual } from 'node:util'
import { inParallel } from '../support/parallel.ts'
import type { Chance } from './chance.ts'
import { type Client, type ClientResponse, codeOf } from './client.ts'
import type { Entry, Intent, Ledger } from './ledger.ts'
import type { Violation } from './violations.ts'

const SENDERS = 6
const BETWEEN_ROUNDS_MS = 200
/**
 * How many requests with a response are sent again after each restart: some of the last ones before the kill, and some
 * of all.
 */
const RECENT_REPLAYS = 15
const OTHER_REPLAYS = 10

/** Statuses that a request of this kind may end with, and the codes of those that refuse. */
const EXPECTED: Record<Intent['kind'], Readonly<Record<number, readonly string[]>>> = {
  place: { 202: [] },
  cancel: { 200: [], 202: [], 409: ['order_not_cancellable'] },
  refund: { 202: [], 404: ['payment_not_found'], 422: ['refund_exceeds_captured'] },
  adjust: { 200: [], 409: ['insufficient_stock'] },
  product: { 200: [], 201: [] },
}

export type SenderPorts = { client: Client; ledger: Ledger; report: (violation: Violation) => void }

/** Sends each request until it has a response, and records the response. */
export const createSender = ({ client, ledger, report }: SenderPorts) => {
  let replays = 0

  const send = async (entry: Entry): Promise<void> => {
    if (entry.isUnderWay || entry.response !== undefined) return
    entry.isUnderWay = true
    entry.attempts += 1
    const response = await client.send(entry.intent.request)
    entry.isUnderWay = false
    if (response === undefined) return
    ledger.recordResponse(entry, response)
    if (!isExpected(entry.intent, response)) report(unexpected(entry))
  }

  const sendAgain = async (entry: Entry): Promise<void> => {
    const again = await client.send(entry.intent.request)
    if (again === undefined || entry.response === undefined) return
    replays += 1
    if (!isSameResponse(entry.response, again)) report(otherResponse(entry, again))
  }

  return {
    send,
    replayCount: () => replays,

    /** Sends every request without a response again, under its key, until all have one. */
    sendOutstanding: async (stop: AbortSignal): Promise<void> => {
      while (!stop.aborted) {
        const open = ledger.outstanding()
        if (open.length === 0) return
        await inParallel(open, SENDERS, send, stop)
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_ROUNDS_MS))
      }
    },

    /** Sends some requests again that have a response: the first response must come again. */
    replaySome: async (chance: Chance, stop: AbortSignal): Promise<void> => {
      const kept = ledger.entries.filter(isReplayable)
      const others = chance.shuffled(kept.slice(0, -RECENT_REPLAYS)).slice(0, OTHER_REPLAYS)
      await inParallel([...kept.slice(-RECENT_REPLAYS), ...others], SENDERS, sendAgain, stop)
    },
  }
}

export type Sender = ReturnType<typeof createSender>

/** A refused request leaves its key free; a product is put, so it needs no key. */
const isReplayable = ({ intent, response }: Entry): boolean =>
  response !== undefined &&
  response.status < 300 &&
  intent.kind !== 'product' &&
  intent.request.key !== undefined

const isExpected = ({ kind }: Intent, { status, body }: ClientResponse): boolean => {
  const codes = EXPECTED[kind][status]
  return codes !== undefined && (codes.length === 0 || codes.includes(codeOf(body)))
}

const isSameResponse = (first: ClientResponse, again: ClientResponse): boolean =>
  again.isReplay && again.status === first.status && isDeepStrictEqual(again.body, first.body)

const unexpected = (entry: Entry): Violation => ({
  kind: 'unexpected response',
  subject: entry.intent.subject,
  detail: `${entry.intent.kind} got the response ${entry.response?.status}, sent ${entry.attempts} times`,
  evidence: { request: entry.intent.request, response: entry.response },
})

const otherResponse = (entry: Entry, again: ClientResponse): Violation => ({
  kind: 'other response',
  subject: entry.intent.subject,
  detail: 'the same key and body got a different response than the first time',
  evidence: { request: entry.intent.request, first: entry.response, again },
})
