import type { Callers } from '../callers.ts'
import type { Platform } from '../platform.ts'
import type { System } from '../system.ts'
import { checkLevels, createDocuments } from '../watch.ts'
import type { Workload } from '../workload.ts'
import { checkAbsence } from './absence.ts'
import { checkDeadLetters } from './dead-letters.ts'
import { checkNothingOwed } from './debts.ts'
import { checkMessages } from './messages.ts'
import { checkBank } from './money.ts'
import { checkHistory, checkOrder, checkUntouched } from './orders.ts'
import { checkPromises } from './promises.ts'
import { checkReadModels } from './read-models.ts'
import { checkRecovery } from './recovery.ts'
import { bankOf, excusedOrders, load, type Violated } from './stored.ts'
import { checkStrangers } from './strangers.ts'
import { checkTokens } from './tokens.ts'
import { checkWebhooks } from './webhooks.ts'

/** Everything that has to be true of a world at rest. */
export const checkAtRest = (
  platform: Platform,
  { system, callers, workload }: { system: System; callers: Callers; workload: Workload },
): void => {
  const violated: Violated = (law, detail) => platform.violated(law, detail)
  const stored = load(system)
  const documents = createDocuments()
  for (const { name, sql } of system.stock.values()) checkLevels(platform, name, { sql, documents })
  const excused = excusedOrders(stored, { callers, workload, system })
  for (const { order } of stored.orders.values()) {
    if (!excused.has(order.orderId)) checkOrder(order, stored, bankOf(system)(order.orderId), violated)
    checkHistory(order, violated)
  }
  checkBank(stored, system, excused, violated)
  checkStrangers(stored, excused, violated)
  const refuses = (orderId: string) => workload.tempers[callers.orderOf(orderId) ?? -1]?.refuses
  checkPromises(callers.promised, system, { stored, refuses, violated })
  checkUntouched(stored, callers.changed, violated)
  checkReadModels(stored, system, violated)
  checkNothingOwed(system, excused, violated)
  const { single } = platform.faults
  if (single !== undefined && system.absence === undefined) checkRecovery(stored, violated)
  if (single !== undefined && system.absence !== undefined)
    checkAbsence(system.absence, { stored, callers }, violated)
  checkMessages(stored, system, { excused, violated })
  checkWebhooks(stored, { system, callers }, violated)
  const tokenOf = (orderId: string) =>
    system.setup.bank === 'simulated' ? workload.tokens[callers.orderOf(orderId) ?? -1] : 'pm_card_visa'
  checkTokens(stored, { system, excused, tokenOf }, violated)
  checkDeadLetters(system, { callers, excused, platform }, violated)
}
