import { WEBHOOK_TYPES, type WebhookType } from '../../src/contracts/webhook-types.ts'
import type { BankOperation } from '../../src/payment/bank.ts'
import type { Temper } from './hostile-bank.ts'
import type { Random } from './random.ts'
import type { Setup } from './setup.ts'

export type Item = { productId: string; quantity: number }

/** One thing that somebody outside does. `atMs` counts from the start. */
export type Action = { atMs: number } & (
  | {
      kind: 'place'
      order: number
      /** Two orders in a batch of events, under ids of the caller's own. */
      isForeign: boolean
      items: readonly Item[]
      key: string | undefined
      /** The same request again, this much later each time. */
      repeatsMs: readonly number[]
      /** Another order under the same key. */
      rival: { items: readonly Item[]; afterMs: number } | undefined
      /** Another client that gives its orders the same ids. */
      neighbour: { items: readonly Item[]; afterMs: number } | undefined
    }
  | { kind: 'cancel'; order: number; key: string | undefined; repeatsMs: readonly number[] }
  | {
      kind: 'refund'
      order: number
      /** Of the total; `undefined` for all that is left. */
      share: number | undefined
      key: string | undefined
      repeatsMs: readonly number[]
    }
  | {
      kind: 'adjust'
      productId: string
      delta: number
      key: string | undefined
      repeatsMs: readonly number[]
    }
  | { kind: 'change product'; productId: string; unitPriceMinor: number }
  | {
      kind: 'foreign event'
      which: ForeignEvent
      number: number
      items: readonly Item[]
      /** The same id, said by another source or with other data. */
      variant?: Variant
    }
  | { kind: 'discard letters' }
  | {
      kind: 'listen'
      types: readonly WebhookType[]
      change: 'more types' | 'disabled for a while' | undefined
      key: string | undefined
      repeatsMs: readonly number[]
      /** What is ordered once the webhook is enabled, from this order on. */
      items: readonly Item[]
      firstOrder: number
    }
)

export type Variant = 'another source' | 'other data'

export type ForeignEvent =
  | 'OrderPlaced version 1'
  | 'OrderPlaced version 2'
  | 'StockReserved'
  | 'PaymentAuthorized'
  | 'unknown type'
  | 'newer version'
  | 'broken'

/** What the callers do, and what the bank has against whom. */
export type Workload = { actions: readonly Action[]; tempers: readonly Temper[]; tokens: readonly string[] }

export const drawWorkload = (setup: Setup, stream: (name: string) => Random): Workload => {
  const habits = stream('workload')
  const zeal = {
    cancel: habits.pick([0, 0.2, 0.5, 1]),
    refund: habits.pick([0, 0.2, 0.5]),
    other: habits.pick([0, 0.3, 1]),
  }
  const orders = Array.from({ length: setup.orders }, (_, order) => order)
  const actions = orders.flatMap((order) => {
    const random = stream(`workload/${order}`)
    return [
      drawPlacement(order, setup, random, stream(`foreign/${order}`)),
      ...drawCancellations(order, setup, random, zeal.cancel),
      ...drawRefunds(order, setup, random, zeal.refund),
      ...drawOthers(order, setup, random, zeal.other),
    ]
  })
  return {
    actions: [
      ...actions,
      ...drawGibberish(setup, stream('gibberish'), stream('variants')),
      ...drawListener(setup, stream('listener')),
    ],
    tempers: orders.map((order) => drawTemper(stream(`temper/${order}`))),
    tokens: orders.map((order) => stream(`token/${order}`).pick(TOKENS)),
  }
}

/** The same wishes, and a bank that has nothing against anybody. */
export const withoutTempers = ({ actions, tempers, tokens }: Workload): Workload => ({
  actions,
  tempers: tempers.map(() => ({})),
  tokens: tokens.map(() => TOKENS[0]),
})

const TOKENS = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_sim_errorOnce',
  'pm_sim_errorSticky',
  'pm_sim_timeoutOnce',
  'pm_sim_slow',
  'pm_sim_captureDeclined',
  'pm_sim_captureErrorTwice',
  'pm_sim_voidErrorTwice',
  'pm_nobody_knows',
] as const

const drawTemper = (random: Random): Temper => {
  const drawn = random.chance()
  if (drawn < 0.6) return {}
  if (drawn < 0.7) return { declines: true }
  if (drawn < 0.78) return { refuses: 'capture' }
  if (drawn < 0.8) return { refuses: random.pick<BankOperation>(['void', 'refund']) }
  const operation = random.pick<BankOperation>(['authorize', 'capture', 'void', 'refund'])
  return { failsFirst: { operation, times: random.between(1, 6) } }
}

const drawItems = (setup: Setup, random: Random): Item[] =>
  Array.from({ length: random.pick([1, 1, 2, 3]) }, () => ({
    productId: random.pick(setup.products).productId,
    quantity: random.between(1, 3),
  }))

const keyFor = (name: string, random: Random): string | undefined =>
  random.chance() < 0.7 ? name : undefined

/** Without a key a repeated request would be another request. */
const drawRepeats = (key: string | undefined, random: Random): number[] =>
  key === undefined
    ? []
    : Array.from({ length: random.pick([0, 0, 1, 3]) }, () => random.pick([0, 1, 20, 2_000, 90_000]))

const drawPlacement = (order: number, setup: Setup, random: Random, foreign: Random): Action => {
  const key = keyFor(`place-${order}`, random)
  const rival = { items: drawItems(setup, random), afterMs: random.pick([0, 2, 10, 5_000]) }
  const isForeign = foreign.chance() < 0.2
  const neighbour = { items: drawItems(setup, foreign), afterMs: foreign.pick([0, 0, 2, 5_000]) }
  return {
    kind: 'place',
    atMs: random.below(setup.spanMs),
    order,
    isForeign,
    items: drawItems(setup, random),
    key,
    repeatsMs: drawRepeats(key, random),
    rival: key !== undefined && random.chance() < 0.2 ? rival : undefined,
    neighbour: isForeign && foreign.chance() < 0.5 ? neighbour : undefined,
  }
}

const laterMs = (random: Random): number =>
  random.pick([0, 10, 50, 100, 200, 400, 1_000, 3_000, 20_000, 200_000, 1_000_000])

const drawCancellations = (order: number, setup: Setup, random: Random, zeal: number): Action[] =>
  Array.from({ length: random.chance() < zeal ? random.pick([1, 1, 2]) : 0 }, (_, nth) => {
    const key = keyFor(`cancel-${order}-${nth}`, random)
    const atMs = random.below(setup.spanMs) + laterMs(random)
    return { kind: 'cancel', atMs, order, key, repeatsMs: drawRepeats(key, random) }
  })

const drawRefunds = (order: number, setup: Setup, random: Random, zeal: number): Action[] =>
  Array.from({ length: random.chance() < zeal ? random.pick([1, 2, 3]) : 0 }, (_, nth) => {
    const key = keyFor(`refund-${order}-${nth}`, random)
    const share = random.pick([undefined, 0.1, 0.3, 0.5, 0.9, 1, 1.1])
    const atMs = random.below(setup.spanMs) + random.pick([500, 2_000, 10_000, 100_000])
    return { kind: 'refund', atMs, order, share, key, repeatsMs: drawRepeats(key, random) }
  })

const drawOthers = (order: number, setup: Setup, random: Random, zeal: number): Action[] => {
  if (random.chance() >= zeal) return []
  const atMs = random.below(setup.spanMs)
  const { productId } = random.pick(setup.products)
  const kind = random.pick(['adjust', 'adjust', 'change product', 'foreign event'] as const)
  if (kind === 'change product') return [{ kind, atMs, productId, unitPriceMinor: random.between(1, 9_999) }]
  if (kind === 'foreign event') {
    const which = random.pick(FOREIGN)
    return [{ kind, atMs, which, number: order, items: drawItems(setup, random) }]
  }
  const key = keyFor(`adjust-${order}`, random)
  const delta = random.pick([-3, -1, 1, 2, 5])
  return [{ kind, atMs, productId, delta, key, repeatsMs: drawRepeats(key, random) }]
}

/** In every third world somebody sends what nobody can read. */
const drawGibberish = (setup: Setup, random: Random, variants: Random): Action[] => {
  if (random.below(3) > 0) return []
  const which = random.pick(['unknown type', 'newer version', 'broken'] as const)
  const gibberish = { kind: 'foreign event', which, number: setup.orders, items: [] } as const
  const atMs = random.below(setup.spanMs)
  return [{ ...gibberish, atMs }, ...drawVariants({ ...gibberish, atMs }, variants)]
}

/** Under the same id something else comes, and somebody puts away what there is by then. */
const drawVariants = (gibberish: Action & { kind: 'foreign event' }, random: Random): Action[] => {
  const soonMs = () => gibberish.atMs + random.pick([0, 20, 500, 3_000, 20_000])
  const variants = (['another source', 'other data'] as const).filter(() => random.chance() < 0.5)
  const isDiscarded = random.chance() < 0.5
  return [
    ...variants.map((variant) => ({ ...gibberish, variant, atMs: soonMs() })),
    ...(isDiscarded ? [{ kind: 'discard letters', atMs: soonMs() } as const] : []),
  ]
}

/** In every third world in which not everything is announced already somebody registers a webhook while others order. */
const drawListener = (setup: Setup, random: Random): Action[] => {
  if (setup.webhooks === 'wanted' || random.below(3) > 0) return []
  const key = keyFor('listen', random)
  const types = random.pick<readonly WebhookType[]>([WEBHOOK_TYPES, ['OrderSettled'], FINAL])
  const change = random.pick([undefined, 'more types', 'disabled for a while'] as const)
  const about = { key, repeatsMs: drawRepeats(key, random), items: drawItems(setup, random) }
  const atMs = random.below(setup.spanMs)
  return [{ kind: 'listen', atMs, types, change, ...about, firstOrder: setup.orders + 1 }]
}

const FINAL = ['OrderConfirmed', 'OrderRejected', 'OrderCancelled'] as const

const FOREIGN = [
  'OrderPlaced version 1',
  'OrderPlaced version 2',
  'StockReserved',
  'PaymentAuthorized',
  'unknown type',
  'newer version',
  'broken',
] as const
