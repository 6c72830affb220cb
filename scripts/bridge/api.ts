import { z } from 'zod'
import type { FeedClient, FeedLease } from '../../src/bridge/feed-source.ts'
import { noResponseFrom } from '../../src/bridge/no-response.ts'
import { feedEventSchema } from '../../src/bridge/outgoing-message.ts'
import type { EventsResponse } from '../../src/bridge/place-orders.ts'
import { Stop } from '../../src/bridge/ports.ts'
import { SECOND_MS } from '../../src/kernel/instant.ts'

export type Api = { url: string; key: string; signal: AbortSignal }

/** A response that did not come after so long never comes. */
const RESPONSE_MS_MAX = 60 * SECOND_MS
const PAGE_EVENTS = 100
const WAIT_SECONDS = 30
/** Three times as long as a page may wait: a holder that is at work keeps its lease. */
const LEASE_SECONDS = 90

/** `POST /events` with a batch. */
export const postEvents =
  (api: Api) =>
  async (body: string): Promise<EventsResponse> => {
    const response = await call(api, '/events', { method: 'POST', body })
    const { code, detail } = await problemIn(response)
    const retryAfter = Number(response.headers.get('retry-after') ?? 0)
    return { status: response.status, code, detail, retryAfterSeconds: retryAfter || undefined }
  }

export type FeedName = 'orders' | 'products'

export type ConsumerFlags = { feed: FeedName; consumer: string; holder: string }

/** The calls for one consumer of a feed. A consumer that is missing is made, and begins with all that is kept. */
export const feedClient = (api: Api, { feed, consumer, holder }: ConsumerFlags): FeedClient => {
  const path = `/feed/consumers/${encodeURIComponent(consumer)}`
  const takeLease = () => call(api, `${path}/lease`, jsonPost({ holder, seconds: LEASE_SECONDS }))
  const commit = async (lease: FeedLease, done: { cursor: string } | { error: string }) =>
    leaseIn(await expectOk(await call(api, `${path}/commit`, jsonPost({ lease: lease.token, ...done }))))
  return {
    lease: async () => {
      const response = await takeLease()
      if (response.status !== 404) return await leaseOf(feed, await expectOk(response))
      const { code } = await problemIn(response)
      if (code !== 'consumer_not_found') throw noFeedAt(api)
      await expectOk(await call(api, path, { method: 'PUT', body: newConsumer(feed) }))
      return await leaseOf(feed, await expectOk(await takeLease()))
    },
    read: async ({ cursor, types }) => {
      const query = new URLSearchParams({
        after: cursor,
        limit: String(PAGE_EVENTS),
        wait: String(WAIT_SECONDS),
        ...(types && { types: types.join(',') }),
      })
      const response = await expectOk(await call(api, `/feed/${feed}?${query}`, {}))
      const events = z.array(feedEventSchema).parse(await response.json())
      return { events, next: response.headers.get('next-cursor') ?? cursor }
    },
    commit: (lease, cursor) => commit(lease, { cursor }),
    reportError: async (lease, why) => {
      await commit(lease, { error: why.slice(0, ERROR_LENGTH_MAX) })
    },
  }
}

const ERROR_LENGTH_MAX = 1_000

const jsonPost = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })

const call = async ({ url, key, signal }: Api, path: string, init: RequestInit): Promise<Response> => {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(init.body !== undefined && { 'content-type': 'application/json' }),
  }
  const within = AbortSignal.any([signal, AbortSignal.timeout(RESPONSE_MS_MAX)])
  return fetch(`${url.replace(/\/$/, '')}${path}`, {
    ...init,
    headers,
    signal: within,
    redirect: 'manual',
  }).catch(noResponseFrom(url))
}

const problemSchema = z.looseObject({ code: z.string().optional(), detail: z.string().optional() })

/** A response that is no problem of ours, such as a proxy's page, has none of these. */
const problemIn = async (response: Response): Promise<z.infer<typeof problemSchema>> => {
  const read = problemSchema.safeParse(await response.json().catch(() => undefined))
  return read.success ? read.data : {}
}

/** A system of an earlier version knows the feed of the orders alone, and takes no name of one. */
const newConsumer = (feed: FeedName): string => JSON.stringify(feed === 'orders' ? {} : { feed })

const leaseSchema = z.looseObject({
  lease: z.looseObject({ token: z.string() }),
  feed: z.string().default('orders'),
  cursor: z.string(),
  types: z.array(z.string()).optional(),
})

const leaseIn = async (response: Response): Promise<FeedLease & { feed: string }> => {
  const { lease, feed, cursor, types } = leaseSchema.parse(await response.json())
  return { token: lease.token, feed, cursor, types }
}

/** The lease in a response, if the consumer is one of this feed. */
const leaseOf = async (feed: FeedName, response: Response): Promise<FeedLease> => {
  const lease = await leaseIn(response)
  if (lease.feed === feed) return lease
  throw new Stop(
    `The consumer follows the feed of ${lease.feed}, not of ${feed}.`,
    `Give --feed ${lease.feed}, or the name of another consumer with --consumer.`,
  )
}

/** The response, if it is one of success. Any other is thrown: as a `Stop` where the same call would be refused again. */
const expectOk = async (response: Response): Promise<Response> => {
  if (response.ok) return response
  const { code, detail } = await problemIn(response)
  const happened = `${new URL(response.url).pathname}: ${[response.status, code, detail].filter(Boolean).join(' ')}`
  const advice = code === undefined ? ADVICE_FOR_STATUS[response.status] : ADVICE[code]
  throw advice === undefined ? new Error(happened) : new Stop(happened, advice)
}

const ADVICE: Partial<Record<string, string>> = {
  unauthorized: 'Give a valid key with the scope operations in EDGE_ORDERS_KEY.',
  forbidden:
    'Give EDGE_ORDERS_KEY the scope operations: consumers are its part. With --feed products it needs inventory:read, too.',
  feed_cursor_refused:
    'Check EDGE_ORDERS_URL: another deployment does not know the cursors of this one. If the address is right, move the consumer to a new place: POST /feed/consumers/NAME/seek with {"at":"oldest"} sends all events again, so that none is missing.',
  validation_failed:
    'Correct --consumer: 1 to 64 letters, digits, dots, underscores and hyphens. Before --feed products, update the system.',
  consumer_limit_reached: 'Remove a consumer that is no longer used: DELETE /feed/consumers/NAME.',
}

const ADVICE_FOR_STATUS: Partial<Record<number, string>> = {
  401: 'Give a valid key with the scope operations in EDGE_ORDERS_KEY.',
  403: 'Something before the system refuses the call: see EDGE_ORDERS_URL.',
}

const noFeedAt = ({ url }: Api): Stop =>
  new Stop(`${url} has no named consumers of the feed.`, 'Check EDGE_ORDERS_URL, and update the system.')
