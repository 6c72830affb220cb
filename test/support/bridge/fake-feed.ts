import type { FeedClient, FeedLease } from '../../../src/bridge/feed-source.ts'
import type { FeedEvent } from '../../../src/bridge/outgoing-message.ts'
import type { Faults } from './faults.ts'

/** An event of an order, as the feed has it. */
export const feedEvent = (order: string, sequence: number, over: Partial<FeedEvent> = {}): FeedEvent => ({
  specversion: '1.0',
  id: `${order}/${sequence}`,
  source: '/orders',
  type: 'OrderPlaced',
  schemaversion: 2,
  subject: order,
  time: '2026-11-23T14:20:02.255Z',
  revision: sequence,
  hops: 0,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  client: 'shop',
  partitionkey: order,
  sequence: String(sequence).padStart(6, '0'),
  data: { orderId: order, totalAmount: 1.1, note: 'crème' },
  ...over,
})

/** A deployment with a feed and one consumer. A lease of a holder ends where another one takes it, as for one whose time is over. */
export const createFakeFeed = (events: readonly FeedEvent[], pageSize: number) => {
  let cursor = 0
  let tokens = 0
  const errors: string[] = []
  const fenced = ({ token }: FeedLease): void => {
    if (token !== String(tokens)) throw new Error('lease_lost')
  }
  const client = (faults: Faults): FeedClient => ({
    lease: () =>
      faults.meet(() => {
        tokens += 1
        return { token: String(tokens), cursor: String(cursor) }
      }),
    read: ({ cursor: after }) =>
      faults.meet(() => {
        const first = Number(after)
        const page = events.slice(first, first + pageSize)
        return { events: page, next: String(first + page.length) }
      }),
    commit: (lease, next) =>
      faults.meet(() => {
        fenced(lease)
        cursor = Number(next)
        return { ...lease, cursor: next }
      }),
    reportError: (lease, why) =>
      faults.meet(() => {
        fenced(lease)
        errors.push(why)
      }),
  })
  return { client, isDelivered: () => cursor === events.length, errors }
}
