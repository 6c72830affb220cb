import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import type { OrderUpdate } from './partition/live-reads.ts'

/** Less than the half minute after which proxies close a silent connection. */
const HEARTBEAT_MS = 15 * SECOND_MS
/** Longer than nearly every order takes. Its heartbeats stay far below any limit on calls for one request. */
const STREAM_MS_MAX = 300 * SECOND_MS
/** When a client connects again whose stream ended before its order was settled. */
const RETRY_MS = 2 * SECOND_MS
/** The same for a stream that made room: a slow poll, with jitter so that not all clients return at once. */
const CROWDED_RETRY_MS = 15 * SECOND_MS
const CROWDED_SPREAD_MS = 30 * SECOND_MS
/** A partition that moves or restarts is back within two seconds. */
const ASKS_MAX = 4
const ASK_AGAIN_MS = 250

export type LiveStream = {
  /** The events that are known before the stream begins. */
  update: OrderUpdate
  /** The event that the client has seen last. */
  after: string | undefined
  /** The next update, which is empty when the time is up. Rejects where the order's partition restarts meanwhile. */
  follow(after: string | undefined, withinMs: number): Promise<OrderUpdate | undefined>
  write(text: string): Promise<unknown>
  /** Whether the client is still connected. */
  isOpen(): boolean
  /** Whether the key or read token that opened the stream still opens it. */
  isAllowed(): Promise<boolean>
  /** Resolves when the stream has to make room for another. */
  shed: Promise<typeof SHED>
  /** The stream has sent an event, so it is no longer the one that has been idle longest. */
  touch(): void
  now(): Instant
  chance(): number
  pause(ms: number): Promise<unknown>
}

export const SHED = 'shed'

/**
 * An order's events as server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html), until it is
 * settled. The stream ends earlier where that takes too long, where the partition does not come back, or where it has to
 * make room. Then the client connects again and names the last event that it has.
 */
export const streamEvents = async (live: LiveStream): Promise<void> => {
  const endsAt = live.now() + STREAM_MS_MAX
  let update: OrderUpdate | typeof SHED | undefined = live.update
  let after = live.after
  await live.write(retryHint(RETRY_MS))
  while (update !== undefined && update !== SHED) {
    await writeEvents(live, update.events)
    if (update.isCrowded) break
    if (update.isSettled || !(await mayGoOn(live, endsAt))) return
    if (update.events.length === 0) await live.write(KEEP_ALIVE)
    after = update.events.at(-1)?.id ?? after
    update = await Promise.race([live.shed, nextUpdate(live, after)])
  }
  if (update !== undefined) await live.write(retryHint(crowdedRetryMs(live.chance)))
}

const writeEvents = async (live: LiveStream, events: OrderUpdate['events']): Promise<void> => {
  for (const event of events) await live.write(frameOf(event))
  if (events.length > 0) live.touch()
}

const mayGoOn = async (live: LiveStream, endsAt: Instant): Promise<boolean> =>
  live.now() < endsAt && live.isOpen() && (await live.isAllowed())

const crowdedRetryMs = (chance: () => number): number =>
  CROWDED_RETRY_MS + Math.floor(CROWDED_SPREAD_MS * chance())

const retryHint = (ms: number): string => `retry: ${ms}\n\n`

const frameOf = (event: OrderUpdate['events'][number]): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

/** A comment line. It keeps the connection open, and shows the server when the client has gone. */
const KEEP_ALIVE = ': keep-alive\n\n'

/** Undefined where the partition does not come back. */
const nextUpdate = async (live: LiveStream, after: string | undefined): Promise<OrderUpdate | undefined> => {
  for (let asked = 1; asked <= ASKS_MAX; asked += 1) {
    try {
      return await live.follow(after, HEARTBEAT_MS)
    } catch {
      await live.pause(ASK_AGAIN_MS * 2 ** asked)
    }
  }
  return undefined
}
