import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { OVERLOADED } from './load.ts'
import { BENCH_KEY } from './variants/bench-key.ts'

/*
 * All that may look at a shop beside its customers, switched on: Prometheus, a receiver of spans, a webhook, a reader of the
 * order feed, and an operator with the console's overview. They run in the process of the load generator, so that their own
 * processor time is not the system's.
 */

/** As in `monitoring/prometheus.yml`. */
const SCRAPE_MS = 15_000
/** The overview reads itself again in this time. */
const OVERVIEW_MS = 5_000
/** The reader of the feed takes what there is, and comes again. */
const FEED_MS = 1_000
const FEED_LIMIT = 1_000

const WEBHOOK_PATH = '/webhook'
const SPANS_PATH = '/v1/traces'

/** How much each of them got. */
export type Seen = Record<'scrapes' | 'overviews' | 'feedEvents' | 'deliveries' | 'posts of spans', number>

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** Takes spans and deliveries of webhooks, and counts them. */
export const startReceiver = async () => {
  const posts = { deliveries: 0, 'posts of spans': 0 }
  const server = createServer((request, response) => {
    posts[request.url === SPANS_PATH ? 'posts of spans' : 'deliveries'] += 1
    request.resume()
    request.on('end', () => response.writeHead(204).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    close: (): void => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The observers of a running system: its webhook is registered, its feed is on, and an operator is signed in. */
export const createObservers = async (origin: string, receiver: Receiver) => {
  const seen = { scrapes: 0, overviews: 0, feedEvents: 0 }
  const authorization = `Bearer ${BENCH_KEY}`

  /** Undefined where the system sheds load: then the observer comes again. */
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(new URL(path, origin), { headers: { authorization }, ...init })
    const text = await response.text()
    if (response.status === OVERLOADED) return undefined
    if (response.status >= 400) throw new Error(`${path}: ${response.status} ${text}`)
    return { text, headers: response.headers }
  }

  const scrape = async (): Promise<void> => {
    if ((await ask('/metrics')) !== undefined) seen.scrapes += 1
  }

  const cookie = await signIn(origin)
  const lookAtOverview = async (): Promise<void> => {
    if ((await ask('/console', { headers: { cookie } })) !== undefined) seen.overviews += 1
  }

  let after = ''
  const readFeed = async (): Promise<void> => {
    const page = await ask(`/feed/orders?limit=${FEED_LIMIT}${after && `&after=${after}`}`)
    if (page === undefined) return
    after = encodeURIComponent(page.headers.get('next-cursor') ?? '')
    seen.feedEvents += (JSON.parse(page.text) as unknown[]).length
  }

  await ask('/webhooks', {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiver.url + WEBHOOK_PATH, types: ['OrderSettled'] }),
  })
  await readFeed()

  return {
    /** All of them look, until the returned function is called. It fails where one of them could not. */
    watch: (): (() => Promise<void>) => {
      const stopping = new AbortController()
      const looking = Promise.all([
        repeat(scrape, SCRAPE_MS, stopping.signal),
        repeat(lookAtOverview, OVERVIEW_MS, stopping.signal),
        repeat(readFeed, FEED_MS, stopping.signal),
      ])
      looking.catch(() => undefined)
      return async () => {
        stopping.abort()
        await looking
      }
    },

    /** Fails where one of them has seen nothing: then the figures would be those of a system without observers. */
    seen: (): Seen => {
      const all = { ...seen, ...receiver.posts }
      const blind = Object.entries(all).flatMap(([name, count]) => (count === 0 ? [name] : []))
      if (blind.length > 0) throw new Error(`The observers saw no ${blind.join(', no ')}.`)
      return all
    },
  }
}

const repeat = async (look: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await look()
    await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  }
}

/** The cookie of a session of the console. */
const signIn = async (origin: string): Promise<string> => {
  const response = await fetch(new URL('/console/sign-in', origin), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ key: BENCH_KEY }).toString(),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (cookie === undefined)
    throw new Error(`The console refused to sign in: ${response.status} ${await response.text()}`)
  return cookie
}
