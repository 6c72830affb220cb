import type { Subscriber } from '../contracts/topology.ts'
import type { Publish } from '../messaging/outgoing.ts'
import { createSerialiser, type MessageText, pack } from '../messaging/pack.ts'
import type { MessageFormat } from './message-settings.ts'
import { within } from './within.ts'

/** A send is on disk within milliseconds. One that hangs is given up, and its events are sent again later. */
export const SEND_TIMEOUT_MS = 10_000

/** The queues of the subscribers that a Worker can send to. */
export type Inboxes = Partial<Record<Subscriber, Queue>>

/** Publishes over Cloudflare Queues, with many events in one message. */
export const createPublisher = (inboxes: Inboxes, format: MessageFormat): Publish => {
  const toMessage = format === 'text' ? asText : asJson
  const sendAll = async (to: Subscriber, texts: readonly string[]): Promise<void> => {
    const inbox = inboxes[to]
    if (inbox === undefined) throw new Error(`This Worker has no binding for the inbox of ${to}`)
    for (const messages of pack(texts)) {
      await within(SEND_TIMEOUT_MS, `sending to ${to}`, inbox.sendBatch(messages.map(toMessage)))
    }
  }
  return async (outgoing) => {
    const serialise = createSerialiser()
    const bySubscriber = Map.groupBy(outgoing, ({ to }) => to)
    await Promise.all(
      Array.from(bySubscriber, ([to, group]) =>
        sendAll(
          to,
          group.map(({ event }) => serialise(event)),
        ),
      ),
    )
  }
}

const asText = (text: MessageText): MessageSendRequest => ({ body: text, contentType: 'text' })

const asJson = (text: MessageText): MessageSendRequest => ({ body: JSON.parse(text), contentType: 'json' })
