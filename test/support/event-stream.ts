import { createParser } from 'eventsource-parser'
import type { System } from './harness.ts'

/** What an `EventSource` would be given: of each event its id, its type and its data. */
export type StreamedEvent = { id: string; type: string; data: unknown }

type Response = Pick<Awaited<ReturnType<System['fetch']>>, 'status' | 'body'>

/** Reads a stream of server-sent events to its end, or until `enough` have come; then it hangs up. */
export const readEvents = async (
  { status, body }: Response,
  enough = Number.POSITIVE_INFINITY,
): Promise<StreamedEvent[]> => {
  if (body === null) throw new Error(`${status} without a body`)
  const events: StreamedEvent[] = []
  const parser = createParser({
    onEvent: ({ id = '', event = '', data }) => events.push({ id, type: event, data: JSON.parse(data) }),
  })
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    if (events.length >= enough) break
  }
  return events.slice(0, enough)
}
