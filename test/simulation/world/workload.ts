import { WEBHOOK_TYPES, type WebhookType } from '../../../src/contracts/webhook-types.ts'
import type { BankOperation } from '../../../src/payment/bank.ts'
import type { BankProfile } from '../platform/hostile-bank.ts'
import type { Random } from '../platform/random.ts'
import type { Setup } from './setup.ts'

export type Item = { productId: string; quantity: number }

/** One thing that somebody outside does. `atMs` counts from the start. */
export type Action = { atMs: number } & (
  | {
      kind: 'place'
      order: number
      /** Two orders in a batch of events, under ids of the caller's own. */
      isExternal: boolean
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
      kind: 'external event'
      which: ExternalEventKind
      number: number
      items: readonly Item[]
      /** The same id, said by another source or with other data. */
      variant?: Variant
    }
  | { kind: 'discard letters' }
  | {
      kind: 'register webhook'
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

export type ExternalEventKind =
  | 'OrderPlaced version 1'
  | 'OrderPlaced version 2'
  | 'StockReserved'
  | 'PaymentAuthorized'
  | 'unknown type'
  | 'newer version'
  | 'broken'

/** What the callers do, and what the bank has against whom. */
export type Workload = {
  actions: readonly Action[]
  bankProfiles: readonly BankProfile[]
  tokens: readonly string[]
}

export const drawWorkload = (setup: Setup, stream: (name: string) => Random): Workload => {
  const random = stream('workload')
  const chances = {
    cancel: random.pick([0, 0.2, 0.5, 1]),
    refund: random.pick([0, 0.2, 0.5]),
    other: random.pick([0, 0.3, 1]),
  }
  const orders = Array.from({ length: setup.orders }, (_, order) => order)
  const actions = orders.flatMap((order) => {
    const random = stream(`workload/${order}`)
    return [
      drawPlacement(order, setup, random, stream(`foreign/${order}`)),
      ...drawCancellations(order, setup, random, chances.cancel),
      ...drawRefunds(order, setup, random, chances.refund),
      ...drawOthers(order, setup, random, chances.other),
    ]
  })
  return {
    actions: [
      ...actions,
      ...drawUnreadable(setup, stream('gibberish'), stream('variants')),
      ...drawWebhookClient(setup, stream('listener')),
    ],
    bankProfiles: orders.map((order) => drawBankProfile(stream(`temper/${order}`))),
    tokens: orders.map((order) => stream(`token/${order}`).pick(TOKENS)),
  }
}

/** The same workload, with a bank that treats every order well. */
export const withFriendlyBank = ({ actions, bankProfiles, tokens }: Workload): Workload => ({
  actions,
  bankProfiles: bankProfiles.map(() => ({})),
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
  'pm_unknown_token',
] as const

const drawBankProfile = (random: Random): BankProfile => {
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

const drawPlacement = (order: number, setup: Setup, random: Random, external: Random): Action => {
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

const drawCancellations = (order: number, setup: Setup, random: Random, chance: number): Action[] =>
  Array.from({ length: random.chance() < chance ? random.pick([1, 1, 2]) : 0 }, (_, nth) => {
    const key = keyFor(`cancel-${order}-${nth}`, random)
    const atMs = random.below(setup.spanMs) + laterMs(random)
    return { kind: 'cancel', atMs, order, key, repeatsMs: drawRepeats(key, random) }
  })

const drawRefunds = (order: number, setup: Setup, random: Random, chance: number): Action[] =>
  Array.from({ length: random.chance() < chance ? random.pick([1, 2, 3]) : 0 }, (_, nth) => {
    const key = keyFor(`refund-${order}-${nth}`, random)
    const share = random.pick([undefined, 0.1, 0.3, 0.5, 0.9, 1, 1.1])
    const atMs = random.below(setup.spanMs) + random.pick([500, 2_000, 10_000, 100_000])
    return { kind: 'refund', atMs, order, share, key, repeatsMs: drawRepeats(key, random) }
  })

const drawOthers = (order: number, setup: Setup, random: Random, chance: number): Action[] => {
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

/** In every third world somebody sends what nobody can read. */
const drawUnreadable = (setup: Setup, random: Random, variants: Random): Action[] => {
  if (random.below(3) > 0) return []
  const which = random.pick(['unknown type', 'newer version', 'broken'] as const)
  const unreadable = { kind: 'external event', which, number: setup.orders, items: [] } as const
  const atMs = random.below(setup.spanMs)
  return [{ ...unreadable, atMs }, ...drawVariants({ ...unreadable, atMs }, variants)]
}

/** Under the same id something else comes, and somebody puts away what there is by then. */
const drawVariants = (unreadable: Action & { kind: 'external event' }, random: Random): Action[] => {
  const soonMs = () => unreadable.atMs + random.pick([0, 20, 500, 3_000, 20_000])
  const variants = (['another source', 'other data'] as const).filter(() => random.chance() < 0.5)
  const isDiscarded = random.chance() < 0.5
  return [
    ...variants.map((variant) => ({ ...unreadable, variant, atMs: soonMs() })),
    ...(isDiscarded ? [{ kind: 'discard letters', atMs: soonMs() } as const] : []),
  ]
}

/** In every third world in which not everything is announced already somebody registers a webhook while others order. */
const drawWebhookClient = (setup: Setup, random: Random): Action[] => {
  if (setup.webhooks === 'wanted' || random.below(3) > 0) return []
  const key = keyFor('listen', random)
  const types = random.pick<readonly WebhookType[]>([WEBHOOK_TYPES, ['OrderSettled'], FINAL])
  const change = random.pick([undefined, 'more types', 'disabled for a while'] as const)
  const about = { key, repeatsMs: drawRepeats(key, random), items: drawItems(setup, random) }
  const atMs = random.below(setup.spanMs)
  return [{ kind: 'register webhook', atMs, types, change, ...about, firstOrder: setup.orders + 1 }]
}

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
