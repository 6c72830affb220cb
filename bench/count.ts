import { COUNTED_PRODUCTS, countOrders } from './cost/count-orders.ts'
import { dollarsPerMillion, sumOf } from './cost/prices.ts'
import { isOurs, usagePerOrder } from './cost/usage.ts'
import { startCountedSystem } from './counting/counted-system.ts'
import { total } from './counting/counts.ts'
import type { Variant } from './variants/variant.ts'

/** Each partition exists, and each isolate has read its settings. */
const WARM_UP_ORDERS = 20

/** What Cloudflare would bill for an order at a rate, and what explains it. The times of this system mean nothing. */
export const countVariant = async (
  variant: Variant,
  { perSecond, seconds }: { perSecond: number; seconds: number },
) => {
  const system = await startCountedSystem(variant, COUNTED_PRODUCTS)
  try {
    const pauseMs = 1_000 / perSecond
    await countOrders(system, { total: WARM_UP_ORDERS, pauseMs })
    const orders = Math.round(perSecond * seconds)
    const { counts } = await countOrders(system, { total: orders, pauseMs })
    system.checkObservers()
    const usage = usagePerOrder(counts, orders)
    return {
      rowsWrittenPerOrder: usage.objectRowsWritten + usage.databaseRowsWritten,
      queueOperationsPerOrder: usage.queueOperations,
      dollarsPerMillion: sumOf(dollarsPerMillion(usage)),
      objectRequestsPerOrder: usage.objectRequests,
      workerRequestsPerOrder: usage.workerRequests,
      databaseCallsPerOrder: total(counts, 'databaseCalls', isOurs) / orders,
      messagesPerOrder: total(counts, 'messages', isOurs) / orders,
    }
  } finally {
    await system.stop()
  }
}
