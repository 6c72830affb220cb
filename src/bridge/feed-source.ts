import { type FeedEvent, outgoingMessage } from './outgoing-message.ts'
import type { OutgoingMessage, Source } from './ports.ts'

/** The right to move a consumer of the feed, and where the consumer is. */
export type FeedLease = { token: string; cursor: string; types?: readonly string[] | undefined }

/** The calls of one named consumer. Each throws where it is refused; `Stop` where a repetition would not help. */
export type FeedClient = {
  lease(): Promise<FeedLease>
  /** Waits for events, up to some seconds. */
  read(lease: FeedLease): Promise<{ events: FeedEvent[]; next: string }>
  /** Moves the consumer, and renews the lease. Refused once another holder has a lease. */
  commit(lease: FeedLease, cursor: string): Promise<FeedLease>
  /** Says why nothing can be delivered. */
  reportError(lease: FeedLease, why: string): Promise<void>
}

/** The events of a feed as messages. The system keeps the cursor, so that any process can go on with it. */
export const feedSource = (client: FeedClient): Source<OutgoingMessage> => {
  let lease: FeedLease | undefined
  let next: string | undefined
  return {
    read: async () => {
      lease ??= await client.lease()
      const page = await client.read(lease)
      next = page.next
      return page.events.map(outgoingMessage)
    },
    commit: async () => {
      if (lease === undefined || next === undefined) throw new Error('There is no page to commit.')
      lease = await client.commit(lease, next)
    },
    rewind: async (why) => {
      const given = lease
      lease = undefined
      if (given !== undefined) await client.reportError(given, why)
    },
    close: async () => undefined,
  }
}
