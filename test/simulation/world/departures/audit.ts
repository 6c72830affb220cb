import type { Position } from '../../../../src/contracts/paging.ts'
import { auditPage } from '../../../../src/order/audit/audit-page.ts'
import type { Outlet, Platform } from '../../platform/platform.ts'
import type { System } from '../../system/system.ts'

const ADDS_UP = 'the books of the audit add up when orders have left'
const PAGE_ORDERS = 100

/** Reads the books of all services and of the bank, page by page, as an operator does. */
export const audit = async (platform: Platform, system: System, outlet: Outlet): Promise<void> => {
  const books = system.booksFor(outlet)
  let after: Position | undefined
  do {
    const page = await auditPage(books, { after, limit: PAGE_ORDERS })
    for (const { name, broken } of page.laws)
      for (const breach of broken) platform.violated(ADDS_UP, `${name}: ${JSON.stringify(breach)}`)
    after = page.next
  } while (after !== undefined)
}
