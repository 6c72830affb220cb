import { readFileSync } from 'node:fs'
import { type Client, type operations, orThrow } from '../../packages/client/src/index.ts'
import { EVENTS_MAX } from '../../src/contracts/external-order.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import { Failure } from '../failure.mjs'
import { onlyOne } from './arguments.ts'
import { type Command, noteOfNone } from './command.ts'

/** The usual sign for standard input. */
const STANDARD_INPUT = '-'

/** A request may have 64 KiB. */
const PORTION_BYTES_MAX = 60_000

/** What the file has; the API checks it. */
type EventsBody = operations['publishEvents']['requestBody']['content']['application/json']

export const EVENT_COMMANDS: Record<string, Command> = {
  'events publish': async (api, { ids }) => {
    const file = onlyOne(ids, 'Give one file, or - for standard input.')
    const events = readEvents(file)
    const accepted: string[] = []
    let sent = 0
    for (const portion of portionsOf(events)) {
      accepted.push(...(await publish(api, portion, { sent, all: events.length })))
      sent += portion.length
      if (sent < events.length) console.error(`${sent} of ${events.length} events are accepted.`)
    }
    const rows = accepted.map((orderId) => [`${orderId} is accepted.`])
    return { rows, ...noteOfNone(rows), response: { accepted } }
  },
}

/** The events of a file: one event, or an array of events. Whether they are good events, the API says. */
const readEvents = (file: string): unknown[] => {
  const isPiped = file === STANDARD_INPUT
  const name = isPiped ? 'Standard input' : file
  const read = attempt(() => readFileSync(isPiped ? process.stdin.fd : file, 'utf8'))
  if (!read.ok) {
    throw new Failure(`${name} cannot be read: ${read.reason}`, 'Give the path of a file, or - to pipe it.')
  }
  if (read.value.trim() === '') {
    throw new Failure(`${name} is empty.`, 'Give a CloudEvent, an array of them, or an event of version 1.')
  }
  const parsed = attempt((): unknown => JSON.parse(read.value))
  if (!parsed.ok) throw new Failure(`${name} is not JSON: ${parsed.reason}`, 'Nothing was sent.')
  return Array.isArray(parsed.value) ? parsed.value : [parsed.value]
}

const attempt = <Value>(work: () => Value): Result<Value, string> => {
  try {
    return success(work())
  } catch (error) {
    return refusal(String(error))
  }
}

/** Events that fit into one request. The API accepts or refuses each portion as a whole. */
const portionsOf = (events: readonly unknown[]): unknown[][] => {
  const portions: unknown[][] = []
  let bytes = 0
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1
    const portion = portions.at(-1)
    if (portion === undefined || portion.length === EVENTS_MAX || bytes + size > PORTION_BYTES_MAX) {
      portions.push([event])
      bytes = size
    } else {
      portion.push(event)
      bytes += size
    }
  }
  return portions
}

const publish = async (
  api: Client,
  portion: readonly unknown[],
  { sent, all }: { sent: number; all: number },
): Promise<string[]> => {
  const [event] = portion
  const body = all === 1 ? event : portion
  try {
    const { accepted } = await orThrow(api.POST('/events', { body: body as EventsBody }))
    return accepted
  } catch (error) {
    if (portion.length < all) console.error(notAccepted(sent, portion.length, all))
    throw error
  }
}

const notAccepted = (sent: number, size: number, all: number): string =>
  `Events ${sent + 1} to ${sent + size} of ${all} were not accepted, and none after them was sent; those before were. Below, /0 is event ${sent + 1}. It is safe to publish the file again: an order that was accepted stays one order.`
