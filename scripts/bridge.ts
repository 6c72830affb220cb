// `npm run bridge`: carries events between the system and a broker, until it is told to end.
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { feedSource } from '../src/bridge/feed-source.ts'
import { orderSink } from '../src/bridge/place-orders.ts'
import { type Sink, type Source, Stop } from '../src/bridge/ports.ts'
import { type BridgePorts, runBridge } from '../src/bridge/run-bridge.ts'
import { SECOND_MS } from '../src/kernel/instant.ts'
import type { Adapter, Settings } from './bridge/adapter.ts'
import { ADAPTERS } from './bridge/adapters.ts'
import { type FeedName, feedClient, postEvents } from './bridge/api.ts'
import { usageText } from './bridge/usage.ts'
import { UsageError } from './bridge/usage-error.ts'
import { Failure } from './failure.mjs'
import { findTarget } from './ops/target.ts'

const STOPPED = 1
const NOT_UNDERSTOOD = 2
/** A broker that does not take leave is left after so long. */
const CLOSE_MS_MAX = 5 * SECOND_MS

const main = async (): Promise<void> => {
  const [kind = '', ...rest] = process.argv.slice(2)
  if (['', '--help', '-h'].includes(kind) || rest.includes('--help')) return console.log(usageText())
  const adapter = Object.hasOwn(ADAPTERS, kind) ? ADAPTERS[kind] : undefined
  if (adapter === undefined) {
    throw new UsageError(`There is no bridge to "${kind}", but to ${Object.keys(ADAPTERS).join(', ')}.`)
  }
  const { values } = parseArgs({ args: rest, options: optionsOf(adapter) })
  const { in: isIn, out: isOut, ...given } = values
  if (isIn === isOut) throw new UsageError('Give either --in, to place orders, or --out, to publish events.')
  const flags = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  )
  const keyAdvice = `Give one with ${scopesFor(isIn, flags['feed'])} in EDGE_ORDERS_KEY.`
  const target = findTarget({ isHttpAllowed: given['allow-http'] === true }, process.env, keyAdvice)
  const ending = endingSignal()
  const bridge = {
    adapter,
    settings: { flags, environment: process.env },
    api: { ...target, signal: ending },
  }
  await (isIn ? takeIn(bridge) : sendOut(bridge))
}

const scopesFor = (isIn: boolean | undefined, feed: string | undefined): string => {
  if (isIn) return 'the scope events:write'
  return feed === 'products' ? 'the scopes operations and inventory:read' : 'the scope operations'
}

const optionsOf = (adapter: Adapter) => ({
  in: { type: 'boolean' } as const,
  out: { type: 'boolean' } as const,
  'allow-http': { type: 'boolean' } as const,
  ...Object.fromEntries(
    ['feed', 'consumer', 'holder', ...adapter.flags].map((name) => [name, { type: 'string' } as const]),
  ),
})

type Bridge = {
  adapter: Adapter
  settings: Settings
  api: { url: string; key: string; signal: AbortSignal }
}

const takeIn = async ({ adapter, settings, api }: Bridge): Promise<void> => {
  const ports = processPorts(api.signal)
  const source = adapter.openSource(settings)
  const sink = orderSink({
    ...ports,
    postEvents: postEvents(api),
    reject: source.reject,
    onRejected: (why) => log('warn', 'a message was rejected', why),
  })
  log('info', 'the bridge takes orders in', { system: api.url })
  await runAndClose(source, sink, ports)
}

const sendOut = async ({ adapter, settings, api }: Bridge): Promise<void> => {
  const feed = feedIn(settings)
  const { consumer = USUAL_CONSUMER[feed], holder = hostname() } = settings.flags
  const sink = adapter.openSink(settings, feed)
  const source = feedSource(feedClient(api, { feed, consumer, holder }))
  log('info', 'the bridge sends events out', { system: api.url, feed, consumer, holder })
  await runAndClose(source, sink, processPorts(api.signal))
}

/** A consumer follows one feed. So a bridge for each needs one of its own. */
const USUAL_CONSUMER: Record<FeedName, string> = { orders: 'bridge', products: 'bridge-products' }

const feedIn = ({ flags: { feed = 'orders' } }: Settings): FeedName => {
  if (feed === 'orders' || feed === 'products') return feed
  throw new UsageError(`--feed is ${feed}, but the feeds are orders and products.`)
}

const processPorts = (signal: AbortSignal): BridgePorts => ({
  signal,
  pause: (seconds) => sleep(seconds * SECOND_MS, undefined, { signal }).catch(() => undefined),
  chance: Math.random,
  onDelivered: (items) => {
    if (items > 0) log('info', 'delivered', { items })
  },
  onFailure: ({ error, retryAfterSeconds }) =>
    log('warn', 'the bridge tries again', {
      reason: error instanceof Error ? error.message : String(error),
      retryAfterSeconds,
    }),
})

/** The page at hand is finished first. A second signal ends the process at once, as the platform does it. */
const endingSignal = (): AbortSignal => {
  const ending = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => ending.abort())
  return ending.signal
}

const runAndClose = async <Item>(
  source: Source<Item>,
  sink: Sink<Item>,
  ports: BridgePorts,
): Promise<void> => {
  try {
    await runBridge(source, sink, ports)
  } finally {
    const closing = Promise.allSettled([source.close(), sink.close()])
    await Promise.race([closing, sleep(CLOSE_MS_MAX)])
  }
}

const log = (level: 'info' | 'warn', message: string, more: object): void =>
  console.log(JSON.stringify({ time: new Date().toISOString(), level, message, ...more }))

/** Open connections would keep the process alive. */
main().then(
  () => process.exit(),
  (error: unknown) => {
    const isUsage = error instanceof UsageError || isUnknownFlag(error)
    if (isUsage) console.error(`${error.message}\nnpm run bridge -- --help shows all flags and variables.`)
    else if (error instanceof Stop) console.error(new Failure(error.message, error.advice).message)
    else console.error(error instanceof Failure ? error.message : error)
    process.exit(isUsage ? NOT_UNDERSTOOD : STOPPED)
  },
)

const isUnknownFlag = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
