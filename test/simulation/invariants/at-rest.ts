import type { ClientRecords } from '../clients/client-records.ts'
import type { Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Workload } from '../world/workload.ts'
import { checkBridges } from './bridges.ts'
import { checkDeadLetters } from './dead-letters.ts'
import { checkFeed } from './feed.ts'
import { checkMessages } from './messages.ts'
import { checkBank } from './money.ts'
import { checkHistory, checkOrder, checkUntouched } from './orders.ts'
import { checkOutstandingWork } from './outstanding-work.ts'
import { checkProductBridges } from './product-bridges.ts'
import { checkProductFeed } from './product-feed.ts'
import { checkReadModels } from './read-models.ts'
import { checkRecovery } from './recovery.ts'
import { checkResponses } from './responses.ts'
import { checkServiceOutage } from './service-outage.ts'
import { checkLevels, createDocuments } from './stock.ts'
import { bankOf, excusedOrders, load } from './stored.ts'
import { checkTokens } from './tokens.ts'
import { checkUnknownOrders } from './unknown-orders.ts'
import type { Violated } from './violated.ts'
import { checkWebhooks } from './webhooks.ts'

/** All that must be true of a world at rest. */
export const checkAtRest = (
  platform: Platform,
  { system, records, workload }: { system: System; records: ClientRecords; workload: Workload },
): void => {
  const violated: Violated = (invariant, detail) => platform.violated(invariant, detail)
  const stored = load(system)
  const documents = createDocuments()
  for (const { name, sql } of system.stock.values()) checkLevels(platform, name, { sql, documents })
  const excused = excusedOrders(stored, { records, workload, system })
  for (const { order } of stored.orders.values()) {
    if (!excused.has(order.orderId)) checkOrder(order, stored, bankOf(system)(order.orderId), violated)
    checkHistory(order, violated)
  }
  checkBank(stored, system, excused, violated)
  checkUnknownOrders(stored, excused, violated)
  const refuses = (orderId: string) => workload.bankProfiles[records.orderOf(orderId) ?? -1]?.refuses
  checkResponses(records.responses, system, { stored, refuses, violated })
  checkUntouched(stored, records.changed, violated)
  checkReadModels(stored, system, violated)
  checkOutstandingWork(system, excused, violated)
  const { single } = platform.faults
  if (single !== undefined && system.serviceOutage === undefined) checkRecovery(stored, violated)
  if (single !== undefined && system.serviceOutage !== undefined)
    checkServiceOutage(system.serviceOutage, { stored, records }, violated)
  checkMessages(stored, system, { excused, violated })
  checkWebhooks(stored, { system, records }, violated)
  const tokenOf = (orderId: string) =>
    system.setup.bank === 'hostile' ? 'pm_card_visa' : workload.tokens[records.orderOf(orderId) ?? -1]
  checkTokens(stored, { system, excused, tokenOf }, violated)
  checkFeed(stored, records, violated)
  checkProductFeed(system, records, violated)
  checkBridges(stored, records, violated)
  checkProductBridges(system, records, violated)
  checkDeadLetters(system, { records, excused, platform }, violated)
}
