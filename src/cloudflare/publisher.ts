import { faults } from '#faults'
import type { Subscriber } from '../contracts/topology.ts'
import type { Outgoing, Publish } from '../messaging/outgoing.ts'
import { createPace } from '../messaging/pace.ts'
import { createSerialiser, type MessageText, pack } from '../messaging/pack.ts'
import type { MessageSettings } from './message-settings.ts'
import { within } from './within.ts'

/** A send is on disk within milliseconds. One that hangs is given up, and its events are sent again later. */
export const SEND_TIMEOUT_MS = 10_000

/** The queues of the subscribers that a Worker can send to. */
export type Inboxes = Partial<Record<Subscriber, Queue>>

export type Publisher = { publish: Publish; lingerMs: number }

/** Publishes over Cloudflare Queues, with many events in one message. */
export const createPublisher = (
  inboxes: Inboxes,
  { format, lingerMs }: Pick<MessageSettings, 'format' | 'lingerMs'>,
): Publisher => {
  const toMessage = format === 'text' ? asText : asJson
  const sendAll = async (to: Subscriber, texts: readonly string[]): Promise<void> => {
    const inbox = inboxes[to]
    if (inbox === undefined) throw new Error(`This Worker has no binding for the inbox of ${to}`)
    const outbox = faults.outbox(inbox)
    for (const messages of pack(texts)) {
      await within(SEND_TIMEOUT_MS, `sending to ${to}`, outbox.sendBatch(messages.map(toMessage)))
    }
  }
  const publish: Publish = async (outgoing) => {
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
  return { publish, lingerMs }
}

const asText = (text: MessageText): MessageSendRequest => ({ body: text, contentType: 'text' })

const asJson = (text: MessageText): MessageSendRequest => ({ body: JSON.parse(text), contentType: 'json' })

/**
 * Publishes for all batches of one Worker's isolate. The first publication after a longer pause goes at once. The next
 * ones wait for each other, until the linger has passed since the last send began, and go together.
 */
export const createLingeringPublish = ({ publish, lingerMs }: Publisher, now: () => number): Publish => {
  const pace = createPace(lingerMs, now)
  let gathering: { outgoing: Outgoing[]; sent: Promise<void> } | undefined
  const send = (outgoing: readonly Outgoing[]): Promise<void> => {
    pace.begin()
    return publish(outgoing)
  }
  const sendAfter = async (waitMs: number, outgoing: readonly Outgoing[]): Promise<void> => {
    await new Promise<void>((resolve) => setTimeout(resolve, waitMs))
    gathering = undefined
    await send(outgoing)
  }
  const gather = (waitMs: number): { outgoing: Outgoing[]; sent: Promise<void> } => {
    const outgoing: Outgoing[] = []
    return { outgoing, sent: sendAfter(waitMs, outgoing) }
  }
  return async (outgoing) => {
    const waitMs = pace.waitMs()
    if (gathering === undefined && waitMs === 0) return await send(outgoing)
    gathering ??= gather(waitMs)
    gathering.outgoing.push(...outgoing)
    await shared(gathering.sent, lingerMs)
  }
}

/** Another batch may send. This one has a timer of its own: the platform ends an invocation that awaits nothing of its own. */
const shared = (sent: Promise<void>, lingerMs: number): Promise<void> =>
  within(lingerMs + 2 * SEND_TIMEOUT_MS, 'a shared send', sent)
