import type { Service } from '../../../src/contracts/topology.ts'
import type { WebhookType } from '../../../src/contracts/webhook-types.ts'

export type Item = { productId: string; quantity: number }

/** One thing that a client, an operator or an external producer does. `atMs` counts from the start. */
export type Action = { atMs: number } & (
  | {
      kind: 'place'
      order: number
      /** Two external orders in one batch of events, under ids of the client's own. */
      isExternal: boolean
      items: readonly Item[]
      key: string | undefined
      /** The same request again, this much later each time. */
      repeatsMs: readonly number[]
      /** Another order under the same key. */
      rival: { items: readonly Item[]; afterMs: number } | undefined
      /** Another client that gives its orders the same external ids. */
      neighbour: { items: readonly Item[]; afterMs: number } | undefined
    }
  | { kind: 'cancel'; order: number; key: string | undefined; repeatsMs: readonly number[] }
  | {
      kind: 'refund'
      order: number
      /** A part of the total, or `undefined` for all that is left. */
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
      /** The same id again, from another source or with other data. */
      variant?: Variant
    }
  | { kind: 'discard letters' }
  /** An operator pauses new orders, of all products or of one, for a while. */
  | { kind: 'pause orders'; productId: string; forMs: number }
  /** An operator sends the order's events to a service once more. */
  | { kind: 'replay'; order: number; to: Service }
  | {
      /** A reader follows a feed in pages of `limit` events, with these pauses. It may be switched off meanwhile. */
      kind: 'follow feed'
      feed: 'orders' | 'products'
      limit: number
      pausesMs: readonly number[]
      switchedOffMs: number | undefined
    }
  | {
      /** Bridges publish a feed to a topic, all under one consumer. An operator adjusts it. */
      kind: 'run bridges'
      feed: 'orders' | 'products'
      processes: readonly (BridgeSettings & { startsAfterMs: number })[]
      topicFaults: TopicFaults
      adjustments: readonly { afterMs: number; kind: AdjustmentKind }[]
    }
  | {
      kind: 'register webhook'
      types: readonly WebhookType[]
      change: 'more types' | 'disabled for a while' | undefined
      key: string | undefined
      repeatsMs: readonly number[]
      /**
       * The items of the orders that are placed once the webhook is enabled. The first of them has the number
       * `firstOrder`.
       */
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

/** A process of a bridge, and the ones that are started in its place. */
export type BridgeSettings = {
  /** What it calls itself as a holder. */
  holder: string
  leaseSeconds: number
  /** Events of a page at most. */
  limit: number
  /** How long it waits after an empty page. */
  idleMs: number
  /** How often it leases or reads. Then it hangs until the world is at rest. */
  callsMax: number
  /** How often it is killed between the last confirmation of a page and its commit. */
  crashes: number
}

/** How often a message to a topic is refused, stays without a confirmation, or arrives late; how often an outage begins. */
export type TopicFaults = { refused: number; unconfirmed: number; late: number; outage: number }

/** What an operator does to a consumer. A seek leads to the oldest. */
export type AdjustmentKind = 'seek' | 'pause' | 'resume' | 'test'
