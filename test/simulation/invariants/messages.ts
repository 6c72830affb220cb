import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { System } from '../system/system.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** An order that settles at once needs about ten. Each fault, repetition and client costs some more. */
const MESSAGES_MAX = 150
/** Without a report both legs get the event every twenty seconds at first, and each message may be duplicated. */
const MESSAGES_A_MINUTE_MAX = 24
const EARLY_MINUTES_MAX = 6
/** Later they get it only every ten minutes. */
const SLOW_MESSAGES_A_MINUTE_MAX = 1

/** The messages about one order stay under a bound, which hardly grows with the time without a report. */
export const checkMessages = (
  stored: Stored,
  system: System,
  { excused, violated }: { excused: ReadonlySet<string>; violated: Violated },
): void => {
  for (const { order } of stored.orders.values()) {
    const { orderId } = order
    if (excused.has(orderId)) continue
    const traffic = Object.values(system.inboxes).flatMap((inbox) => inbox.trafficAbout(orderId) ?? [])
    const messages = traffic.reduce((sum, each) => sum + each.messages, 0)
    const firstAt = Math.min(...traffic.map((each) => each.firstAt))
    const lastAt = Math.max(...traffic.map((each) => each.lastAt))
    const minutes = traffic.length === 0 ? 0 : (lastAt - firstAt) / MINUTE_MS
    if (messages > boundAfter(minutes)) {
      violated(
        'messages about an order stay under a bound',
        `${messages} about ${orderId} in ${Math.ceil(minutes)} minutes`,
      )
    }
  }
}

const boundAfter = (minutes: number): number => {
  const early = Math.min(minutes, EARLY_MINUTES_MAX)
  return MESSAGES_MAX + early * MESSAGES_A_MINUTE_MAX + (minutes - early) * SLOW_MESSAGES_A_MINUTE_MAX
}
