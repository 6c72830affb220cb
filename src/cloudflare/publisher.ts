import type { Subscriber } from '../contracts/topology.ts'
import type { Outgoing, Publish } from '../messaging/outgoing.ts'
import { pack } from '../messaging/pack.ts'
import { within } from './within.ts'

/** A send is on disk within milliseconds. One that hangs is given up, and its events are sent again later. */
export const SEND_TIMEOUT_MS = 10_000

/** The queues of the subscribers that a Worker can send to. */
export type Inboxes = Partial<Record<Subscriber, Queue>>

/** Publishes over Cloudflare Queues, with many events in one message. */
export const createPublisher =
  (inboxes: Inboxes): Publish =>
  async (outgoing) => {
    const bySubscriber = Map.groupBy(outgoing, ({ to }) => to)
    await Promise.all(Array.from(bySubscriber, ([to, group]) => sendAll(inboxes, to, group)))
  }

const sendAll = async (inboxes: Inboxes, to: Subscriber, group: readonly Outgoing[]): Promise<void> => {
  const inbox = inboxes[to]
  if (inbox === undefined) throw new Error(`This Worker has no binding for the inbox of ${to}`)
  const sends = pack(group.map(({ event }) => event))
  for (const messages of sends) {
    const batch = messages.map((body) => ({ body, contentType: 'json' as const }))
    await within(SEND_TIMEOUT_MS, `sending to ${to}`, inbox.sendBatch(batch))
  }
}
