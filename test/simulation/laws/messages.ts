import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { System } from '../system.ts'
import type { Stored, Violated } from './stored.ts'

/** An order that settles at once needs about ten; each fault, repetition and caller costs some more. */
const MESSAGES_MAX = 150
/** While it is not settled both legs are asked about every forty seconds, and either may be duplicated. */
const MESSAGES_A_MINUTE_MAX = 20

/** The messages about one order stay under a bound that grows only while it is not settled. */
export const checkMessages = (
  stored: Stored,
  system: System,
  { excused, now, violated }: { excused: ReadonlySet<string>; now: number; violated: Violated },
): void => {
  for (const { order } of stored.orders.values()) {
    const { orderId, placedAt } = order
    if (excused.has(orderId)) continue
    const settledAt = order.status === 'pending' ? now : (order.settledAt ?? now)
    const minutes = Math.max(0, settledAt - placedAt) / MINUTE_MS
    const messages = Object.values(system.inboxes).reduce(
      (sum, inbox) => sum + inbox.messagesAbout(orderId),
      0,
    )
    if (messages > MESSAGES_MAX + minutes * MESSAGES_A_MINUTE_MAX) {
      violated(
        'messages about an order stay under a bound',
        `${messages} about ${orderId} in ${Math.ceil(minutes)} minutes`,
      )
    }
  }
}
