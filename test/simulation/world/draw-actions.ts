import { WEBHOOK_TYPES, type WebhookType } from '../../../src/contracts/webhook-types.ts'
import { ALL_PRODUCTS } from '../../../src/order/pause.ts'
import type { Random } from '../platform/random.ts'
import type { Action, Item } from './action.ts'
import type { Setup } from './setup.ts'

const drawItems = (setup: Setup, random: Random): Item[] =>
  Array.from({ length: random.pick([1, 1, 2, 3]) }, () => ({
    productId: random.pick(setup.products).productId,
    quantity: random.between(1, 3),
  }))

const keyFor = (name: string, random: Random): string | undefined =>
  random.chance() < 0.7 ? name : undefined

/** Without a key a repeated request would be a new request. */
const drawRepeats = (key: string | undefined, random: Random): number[] =>
  key === undefined
    ? []
    : Array.from({ length: random.pick([0, 0, 1, 3]) }, () => random.pick([0, 1, 20, 2_000, 90_000]))

export const drawPlacement = (order: number, setup: Setup, random: Random, external: Random): Action => {
  const key = keyFor(`place-${order}`, random)
  const rival = { items: drawItems(setup, random), afterMs: random.pick([0, 2, 10, 5_000]) }
  const isExternal = external.chance() < 0.2
  const neighbour = { items: drawItems(setup, external), afterMs: external.pick([0, 0, 2, 5_000]) }
  return {
    kind: 'place',
    atMs: random.below(setup.spanMs),
    order,
    isExternal,
    items: drawItems(setup, random),
    key,
    repeatsMs: drawRepeats(key, random),
    rival: key !== undefined && random.chance() < 0.2 ? rival : undefined,
    neighbour: isExternal && external.chance() < 0.5 ? neighbour : undefined,
  }
}

const laterMs = (random: Random): number =>
  random.pick([0, 10, 50, 100, 200, 400, 1_000, 3_000, 20_000, 200_000, 1_000_000])

export const drawCancellations = (order: number, setup: Setup, random: Random, chance: number): Action[] =>
  Array.from({ length: random.chance() < chance ? random.pick([1, 1, 2]) : 0 }, (_, nth) => {
    const key = keyFor(`cancel-${order}-${nth}`, random)
    const atMs = random.below(setup.spanMs) + laterMs(random)
    return { kind: 'cancel', atMs, order, key, repeatsMs: drawRepeats(key, random) }
  })

export const drawRefunds = (order: number, setup: Setup, random: Random, chance: number): Action[] =>
  Array.from({ length: random.chance() < chance ? random.pick([1, 2, 3]) : 0 }, (_, nth) => {
    const key = keyFor(`refund-${order}-${nth}`, random)
    const share = random.pick([undefined, 0.1, 0.3, 0.5, 0.9, 1, 1.1])
    const atMs = random.below(setup.spanMs) + random.pick([500, 2_000, 10_000, 100_000])
    return { kind: 'refund', atMs, order, share, key, repeatsMs: drawRepeats(key, random) }
  })

export const drawOthers = (order: number, setup: Setup, random: Random, chance: number): Action[] => {
  if (random.chance() >= chance) return []
  const atMs = random.below(setup.spanMs)
  const { productId } = random.pick(setup.products)
  const kind = random.pick(['adjust', 'adjust', 'change product', 'external event'] as const)
  if (kind === 'change product') return [{ kind, atMs, productId, unitPriceMinor: random.between(1, 9_999) }]
  if (kind === 'external event') {
    const which = random.pick(EXTERNAL_KINDS)
    return [{ kind, atMs, which, number: order, items: drawItems(setup, random) }]
  }
  const key = keyFor(`adjust-${order}`, random)
  const delta = random.pick([-3, -1, 1, 2, 5])
  return [{ kind, atMs, productId, delta, key, repeatsMs: drawRepeats(key, random) }]
}

/** In every third world an external producer sends an event that no consumer can read. */
export const drawUnreadable = (setup: Setup, random: Random, variants: Random): Action[] => {
  if (random.below(3) > 0) return []
  const which = random.pick(['unknown type', 'newer version', 'broken'] as const)
  const unreadable = { kind: 'external event', which, number: setup.orders, items: [] } as const
  const atMs = random.below(setup.spanMs)
  return [{ ...unreadable, atMs }, ...drawVariants({ ...unreadable, atMs }, variants)]
}

/** Another event comes under the same id, and an operator may discard the letters that there are by then. */
const drawVariants = (unreadable: Action & { kind: 'external event' }, random: Random): Action[] => {
  const soonMs = () => unreadable.atMs + random.pick([0, 20, 500, 3_000, 20_000])
  const variants = (['another source', 'other data'] as const).filter(() => random.chance() < 0.5)
  const isDiscarded = random.chance() < 0.5
  return [
    ...variants.map((variant) => ({ ...unreadable, variant, atMs: soonMs() })),
    ...(isDiscarded ? [{ kind: 'discard letters', atMs: soonMs() } as const] : []),
  ]
}

/** In every third world without a webhook for all events, a client registers a webhook while others order. */
export const drawWebhookClient = (setup: Setup, random: Random): Action[] => {
  if (setup.webhooks === 'wanted' || random.below(3) > 0) return []
  const key = keyFor('listen', random)
  const types = random.pick<readonly WebhookType[]>([WEBHOOK_TYPES, ['OrderSettled'], FINAL])
  const change = random.pick([undefined, 'more types', 'disabled for a while'] as const)
  const about = { key, repeatsMs: drawRepeats(key, random), items: drawItems(setup, random) }
  const atMs = random.below(setup.spanMs)
  return [{ kind: 'register webhook', atMs, types, change, ...about, firstOrder: setup.orders + 1 }]
}

/** In every eighth world an operator replays orders to any service, also while they are under way. */
export const drawReplays = (setup: Setup, random: Random): Action[] => {
  if (random.below(8) > 0) return []
  return Array.from({ length: random.between(1, 2 * setup.orders) }, () => ({
    kind: 'replay',
    atMs: random.below(setup.spanMs) + laterMs(random),
    order: random.below(setup.orders),
    to: random.pick(['inventory', 'payment', 'order', 'operations'] as const),
  }))
}

/** In every tenth world an operator pauses new orders for a while, those with one product or all. */
export const drawPauses = (setup: Setup, random: Random): Action[] => {
  if (random.below(10) > 0) return []
  const productId = random.pick([ALL_PRODUCTS, random.pick(setup.products).productId])
  const forMs = random.pick([1_000, 5_000, 20_000, 60_000])
  return [{ kind: 'pause orders', atMs: random.below(setup.spanMs), productId, forMs }]
}

/** In every second world a reader follows the feed, and in some of them it is switched off meanwhile. */
export const drawFeedReader = (feed: FollowedFeed, setup: Setup, random: Random): Action[] => {
  if (random.below(2) > 0) return []
  const pausesMs = Array.from({ length: random.between(1, 30) }, () =>
    random.pick([0, 5, 20, 100, 1_000, 5_000]),
  )
  const switchedOffMs = random.chance() < 0.3 ? random.below(setup.spanMs) + laterMs(random) : undefined
  const atMs = random.below(setup.spanMs)
  return [{ kind: 'follow feed', feed, atMs, limit: random.pick([1, 2, 3, 10]), pausesMs, switchedOffMs }]
}

type FollowedFeed = (Action & { kind: 'follow feed' })['feed']

const FINAL = ['OrderConfirmed', 'OrderRejected', 'OrderCancelled'] as const

const EXTERNAL_KINDS = [
  'OrderPlaced version 1',
  'OrderPlaced version 2',
  'StockReserved',
  'PaymentAuthorized',
  'unknown type',
  'newer version',
  'broken',
] as const
