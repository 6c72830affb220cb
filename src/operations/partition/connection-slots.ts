import type { Instant } from '../../kernel/instant.ts'
import type { DeliveryReference } from '../delivery-attempt.ts'

/** How many requests may be under way at once, to one address and for all webhooks of one client. */
export type ConnectionLimits = { perEndpoint: number; perClient: number }

export const CONNECTION_LIMITS: ConnectionLimits = { perEndpoint: 20, perClient: 60 }

type Slot = { webhookId: string; until: Instant }

/**
 * The deliveries that are on the queue or under a lease. They are kept in memory, because each slot ends by itself: with
 * the outcome of its attempt, or when its message or its lease counts as lost. A partition that restarts forgets them,
 * and may send the same number once more.
 */
export class ConnectionSlots {
  readonly #byClient = new Map<string, Map<string, Slot>>()

  take(client: string, reference: DeliveryReference, until: Instant): void {
    const slots = this.#byClient.get(client) ?? new Map<string, Slot>()
    this.#byClient.set(client, slots)
    slots.set(keyOf(reference), { webhookId: reference.webhookId, until })
  }

  has(client: string, reference: DeliveryReference): boolean {
    return this.#byClient.get(client)?.has(keyOf(reference)) ?? false
  }

  free(client: string, reference: DeliveryReference): void {
    const slots = this.#byClient.get(client)
    slots?.delete(keyOf(reference))
    if (slots?.size === 0) this.#byClient.delete(client)
  }

  /** Slots of the client, and those of them for this webhook. `until` is when the first of all slots ends by itself. */
  taken(
    client: string,
    webhookId: string,
    now: Instant,
  ): { client: number; endpoint: number; until: Instant } {
    const slots = [...(this.#byClient.get(client) ?? [])]
    for (const [key, { until }] of slots) if (until <= now) this.#byClient.get(client)?.delete(key)
    const open = slots.map(([, slot]) => slot).filter(({ until }) => until > now)
    return {
      client: open.length,
      endpoint: open.filter((slot) => slot.webhookId === webhookId).length,
      until: Math.min(...open.map(({ until }) => until)),
    }
  }
}

const keyOf = ({ webhookId, deliveryId }: DeliveryReference): string => `${webhookId} ${deliveryId}`
