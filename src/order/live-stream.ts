import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import type { News } from './partition/live-reads.ts'

/** Below the half minute after which proxies take a silent connection for dead. */
const HEARTBEAT_MS = 15 * SECOND_MS
/** Longer than nearly every order takes; and with its heartbeats far from any limit on calls for one request. */
const STREAM_MS_MAX = 300 * SECOND_MS
/** How soon a client comes again whose stream ended before its order was settled. */
const RETRY_MS = 2 * SECOND_MS
/** The same for a stream that made room: a slow poll, spread by chance so that they do not all return at once. */
const CROWDED_RETRY_MS = 15 * SECOND_MS
const CROWDED_SPREAD_MS = 30 * SECOND_MS
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
  /** Whether the key or read token that opened the stream still opens it. */
  isAllowed(): Promise<boolean>
  /** Resolves where the stream has to make room for another. */
  shed: Promise<typeof SHED>
  /** The stream had something to tell: others have been idle for longer. */
  touch(): void
  now(): Instant
  chance(): number
  pause(ms: number): Promise<unknown>
}

export const SHED = 'shed'

/**
 * An order's events as server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html), until it is
 * settled. Where that takes too long, the partition stays away, or the stream has to make room, it ends before: the
 * client comes again, and says what it has seen.
 */
export const streamEvents = async (live: LiveStream): Promise<void> => {
  const endsAt = live.now() + STREAM_MS_MAX
  let news: News | typeof SHED | undefined = live.news
  let after = live.after
  await live.write(retryHint(RETRY_MS))
  while (news !== undefined && news !== SHED) {
    await writeEvents(live, news.events)
    if (news.isCrowded) break
    if (news.isSettled || !(await mayGoOn(live, endsAt))) return
    if (news.events.length === 0) await live.write(KEEP_ALIVE)
    after = news.events.at(-1)?.id ?? after
    news = await Promise.race([live.shed, nextNews(live, after)])
  }
  if (news !== undefined) await live.write(retryHint(crowdedRetryMs(live.chance)))
}

const writeEvents = async (live: LiveStream, events: News['events']): Promise<void> => {
  for (const event of events) await live.write(frameOf(event))
  if (events.length > 0) live.touch()
}

const mayGoOn = async (live: LiveStream, endsAt: Instant): Promise<boolean> =>
  live.now() < endsAt && live.isOpen() && (await live.isAllowed())

const crowdedRetryMs = (chance: () => number): number =>
  CROWDED_RETRY_MS + Math.floor(CROWDED_SPREAD_MS * chance())

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
