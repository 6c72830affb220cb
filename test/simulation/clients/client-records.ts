import type { Subscriber } from '../../../src/contracts/topology.ts'
import { canonicalJson } from '../../../src/kernel/canonical-json.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { ExternalId } from '../../../src/order/external-id.ts'
import type { FeedFollower } from '../../support/feed-follower.ts'
import type { ProductFollower } from '../../support/product-follower.ts'
import type { Platform } from '../platform/platform.ts'
import type { Bridged } from './bridge/bridged-consumer.ts'
import type { KnownPause } from './known-pauses.ts'
import { ProductVersions } from './product-versions.ts'

/** A response that a client received, and to which request. */
export type ReceivedResponse =
  | {
      kind: 'order'
      tag: string
      order: number
      orderId: string
      key: string | undefined
      waitedMs: number
    }
  | { kind: 'cancellation'; orderId: string; status: number }
  | { kind: 'no cancellation'; orderId: string }
  | { kind: 'refund'; tag: string; orderId: string; refundId: string }
  | { kind: 'adjustment'; tag: string; productId: string; key: string | undefined }
  | { kind: 'refused as reused'; tag: string; key: string }

/** A webhook that a client has seen enabled. Each order that a client asked for after `after` must be announced to it. */
export type EnabledWebhook = { webhookId: string; types: readonly string[]; after: number }

/** What the clients asked for and what they received. The invariants compare it with what is stored. */
export class ClientRecords {
  readonly responses: ReceivedResponse[] = []
  /** Orders that a client asked for, by their number in the workload. */
  readonly asked = new Set<number>()
  /** Orders whose external id went to a rival: two batches at the same moment may each place a part. */
  readonly taken = new Set<number>()
  /** The id of each order that was taken, by its number in the workload. */
  readonly orderIds = new Map<number, string>()
  readonly externalIds = new Set<string>()
  /** Those who follow the order feed. `isAtEnd`: they have read all that there is. */
  readonly feedReaders: { follower: FeedFollower; limit: number; isAtEnd?: true }[] = []
  /** The same of the product feed. */
  readonly productReaders: { follower: ProductFollower; limit: number; isAtEnd?: true }[] = []
  readonly productVersions = new ProductVersions()
  /** Bridges that publish a feed. */
  readonly bridged: Bridged[] = []
  /** Pauses of new orders that an operator made. */
  readonly pauses: KnownPause[] = []
  /** Orders that a client asked to cancel or to refund. */
  readonly changed = new Set<string>()
  /** Events of external producers that no consumer can read. */
  readonly unreadable: { consumer: Subscriber; event: unknown }[] = []
  /** The variants of each dead letter that an operator had read when the letter was discarded, by the letter's id. */
  readonly discarded = new Map<string, string[]>()
  /** When each order was first asked for, as a count of moments. */
  readonly askedAt = new Map<string, number>()
  enabledWebhooks: readonly EnabledWebhook[] = []
  #moments = 0
  readonly #orderOf = new Map<string, number>()
  readonly #externalIdOf = new Map<string, ExternalId>()
  readonly #responseOf = new Map<string, string>()
  readonly #platform: Platform

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /** The number in the workload of an order that was asked for. */
  orderOf(orderId: string): number | undefined {
    return this.#orderOf.get(orderId)
  }

  /** The name that its client gave to an external order. */
  externalIdOf(orderId: string): ExternalId | undefined {
    return this.#externalIdOf.get(orderId)
  }

  /** Remembers for which order of the workload an id was made. */
  recordId(orderId: string, order: number, externalId?: ExternalId): void {
    this.#orderOf.set(orderId, order)
    if (externalId !== undefined) this.#externalIdOf.set(orderId, externalId)
  }

  recordAsked(order: number, tag: string): void {
    this.asked.add(order)
    this.#moments += 1
    if (!this.askedAt.has(tag)) this.askedAt.set(tag, this.#moments)
  }

  recordEnabled(webhookId: string, types: readonly string[]): void {
    this.#moments += 1
    this.enabledWebhooks = [...this.enabledWebhooks, { webhookId, types, after: this.#moments }]
  }

  /** A webhook is about to be disabled. From now on nothing has to be announced to it. */
  recordDisabling(webhookId: string): void {
    this.enabledWebhooks = this.enabledWebhooks.filter((each) => each.webhookId !== webhookId)
  }

  /** The same key and body must get the same response each time. */
  compareResponse(request: IdempotentRequest | undefined, response: unknown): void {
    if (request === undefined) return
    const text = canonicalJson([request.fingerprint, response])
    const known = this.#responseOf.get(request.requestKey)
    if (known === undefined) this.#responseOf.set(request.requestKey, text)
    else if (known !== text) {
      this.#platform.violated(
        'the same key and body get the same response, another body none',
        `${request.requestKey}: ${known}, then ${text}`,
      )
    }
  }
}
