import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import { excusedOrders, load } from '../invariants/stored.ts'
import type { Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Workload } from './workload.ts'

/**
 * By then a world is at rest. A message may be an hour late, a clock an hour slow and a service away for an hour. A
 * lease of the bank or a message with a long delay comes on top.
 */
const REST_MS_MAX = 7 * HOUR_MS
/** A call that the bank refuses for good is tried for ever. After this time all else is at rest. */
const STUCK_MS = 90 * MINUTE_MS
const LOOK_EVERY_MS = 20 * MINUTE_MS

/** Runs until nothing is left to happen, apart from payments that the bank refused to return for good. */
export const settle = async (
  platform: Platform,
  system: System,
  { records, workload }: { records: ClientRecords; workload: Workload },
): Promise<void> => {
  const { scheduler } = platform
  const startedAt = scheduler.now
  const deadline = startedAt + REST_MS_MAX
  while (scheduler.now < deadline) {
    await scheduler.runUntil(Math.min(deadline, scheduler.now + LOOK_EVERY_MS))
    const next = scheduler.nextAt() ?? deadline
    if (next >= deadline) return
    if (next > scheduler.now + LOOK_EVERY_MS) continue
    if (isOnlyExcusedLeft(system, { records, workload }) && scheduler.now > startedAt + STUCK_MS) return
  }
  platform.violated(
    'the world comes to rest',
    `it is still busy ${REST_MS_MAX / HOUR_MS} hours after the last fault`,
  )
}

const isOnlyExcusedLeft = (
  system: System,
  scene: { records: ClientRecords; workload: Workload },
): boolean => {
  const stored = load(system)
  const excused = excusedOrders(stored, { ...scene, system })
  const isOthersRest = [...stored.orders.values()].every(
    ({ order, dueAt }) => excused.has(order.orderId) || dueAt === null,
  )
  return excused.size > 0 && isOthersRest
}
