import { isMarked } from './mark.ts'
import type { BrokerMessage, Rejection } from './ports.ts'

/** What a message is: an event to send as JSON text, one of our own, or no JSON. */
export type Incoming =
  | { kind: 'event'; message: BrokerMessage; text: string }
  | { kind: 'marked' }
  | { kind: 'unreadable'; message: BrokerMessage; why: Rejection }

/**
 * The text is the producer's, character by character: an amount such as 1.10 is not written anew. A message in the binary
 * mode of CloudEvents becomes one in the structured mode.
 */
export const readMessage = (message: BrokerMessage): Incoming => {
  if (isMarked(message.attributes)) return { kind: 'marked' }
  const body = readJson(message.body)
  if (body === undefined) return { kind: 'unreadable', message, why: NO_JSON }
  if (isObject(body.value) && isMarked(body.value)) return { kind: 'marked' }
  return { kind: 'event', message, text: structured(message.attributes, body.text) }
}

const NO_JSON: Rejection = { code: 'malformed_json', detail: 'The message is not JSON in UTF-8.' }

const readJson = (body: Uint8Array): { text: string; value: unknown } | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body)
    return { text, value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without `specversion` the attributes are not those of an event, and the body is all of it. */
const structured = (attributes: Readonly<Record<string, string>>, body: string): string => {
  if (attributes['specversion'] === undefined) return body
  const { data: _, ...head } = attributes
  return `${JSON.stringify(head).slice(0, -1)},"data":${body}}`
}
