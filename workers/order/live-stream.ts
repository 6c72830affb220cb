import { type Instant, SECOND_MS } from '../../src/kernel/instant.ts'
import type { News } from './following.ts'

/** Below the half minute after which proxies take a silent connection for dead. */
const HEARTBEAT_MS = 15 * SECOND_MS
/** Longer than nearly every order takes; and with its heartbeats far from any limit on calls for one request. */
const STREAM_MS_MAX = 300 * SECOND_MS
/** How soon a client comes again whose stream ended before its order was settled. */
const RETRY_MS = 2 * SECOND_MS
/** The same where too many wait already: its stream is a slow poll from then on. */
const CROWDED_RETRY_MS = 15 * SECOND_MS
/** A partition that moves or restarts is back within a second or two. */
const ASKS_MAX = 4
const ASK_AGAIN_MS = 250

export type LiveStream = {
  /** What is known before the stream begins. */
  news: News
  /** The event that the client has seen last. */
  after: string | undefined
  /** The next news, or none after a while. Rejects when the order's partition goes away meanwhile. */
  follow(after: string | undefined, withinMs: number): Promise<News | undefined>
  write(text: string): Promise<unknown>
  /** Whether anybody still reads. */
  isOpen(): boolean
  now(): Instant
  pause(ms: number): Promise<unknown>
}

/**
 * An order's events as server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html), until it is
 * settled. Where that takes too long, or the partition stays away, it ends before: the client comes again, and says
 * what it has seen.
 */
export const streamEvents = async (live: LiveStream): Promise<void> => {
  const endsAt = live.now() + STREAM_MS_MAX
  let news: News | undefined = live.news
  let after = live.after
  await live.write(retryHint(RETRY_MS))
  while (news !== undefined) {
    for (const event of news.events) await live.write(frameOf(event))
    if (news.isCrowded) await live.write(retryHint(CROWDED_RETRY_MS))
    if (news.isSettled || news.isCrowded || live.now() >= endsAt || !live.isOpen()) return
    if (news.events.length === 0) await live.write(KEEP_ALIVE)
    after = news.events.at(-1)?.id ?? after
    news = await nextNews(live, after)
  }
}

const retryHint = (ms: number): string => `retry: ${ms}\n\n`

const frameOf = (event: News['events'][number]): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

/** A comment: it keeps the connection, and tells the server when nobody is there any more. */
const KEEP_ALIVE = ': keep-alive\n\n'

/** Nothing where the partition stays away. */
const nextNews = async (live: LiveStream, after: string | undefined): Promise<News | undefined> => {
  for (let asked = 1; asked <= ASKS_MAX; asked += 1) {
    try {
      return await live.follow(after, HEARTBEAT_MS)
    } catch {
      await live.pause(ASK_AGAIN_MS * 2 ** asked)
    }
  }
  return undefined
}
