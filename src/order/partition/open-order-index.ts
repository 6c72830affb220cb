import type { Instant } from '../../kernel/instant.ts'
import { OPEN_MAX } from './open-order-rows.ts'

/** An undecided order. `owners` are the customer and the client for which it counts. */
export type OpenOrder = {
  orderId: string
  owners: readonly string[]
  units: number
  placedAt: Instant
  waitsFor: readonly ('inventory' | 'payment')[]
}

/** Open orders by id and by owner, in memory. */
export const createOpenOrderIndex = (orders: readonly OpenOrder[]) => {
  const byId = new Map<string, OpenOrder>()
  const byOwner = new Map<string, Map<string, OpenOrder>>()

  const put = (order: OpenOrder): void => {
    byId.set(order.orderId, order)
    for (const owner of order.owners) {
      const owned = byOwner.get(owner) ?? new Map<string, OpenOrder>()
      owned.set(order.orderId, order)
      byOwner.set(owner, owned)
    }
    const [oldest] = byId.keys()
    if (byId.size > OPEN_MAX && oldest !== undefined) remove(oldest)
  }
  const remove = (orderId: string): void => {
    for (const owner of byId.get(orderId)?.owners ?? []) {
      const owned = byOwner.get(owner)
      owned?.delete(orderId)
      if (owned?.size === 0) byOwner.delete(owner)
    }
    byId.delete(orderId)
  }
  for (const order of orders) put(order)

  return { put, remove, of: (owner: string): OpenOrder[] => [...(byOwner.get(owner)?.values() ?? [])] }
}
