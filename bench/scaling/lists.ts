import { assumed } from './assumptions.ts'
import type { Clock } from './clock.ts'
import type { Order } from './order.ts'
import type { Plan } from './plan.ts'
import { createServer } from './stations.ts'

/** Rows of one order in its list, with the index entry. */
const LISTED_ROWS = 2
/** Alarms ring at whole seconds, so the partitions of a cell write their lists at the same time. */
const ALARM_MS = 1_000

/** The list of orders: at each whole second, every partition writes the orders of a second in one statement. */
export const createLists = (clock: Clock, { databasesPerList }: Plan) => {
  const databases = Array.from({ length: databasesPerList }, () => createServer(clock))
  const waiting = new Map<number, number>()
  const writeAll = (): void => {
    for (const [partition, orders] of waiting) {
      const ms = assumed('databaseCallMs') + orders * LISTED_ROWS * assumed('databaseRowMs')
      databases[partition % databases.length]?.serve(ms, 0, () => {})
    }
    waiting.clear()
    clock.at(clock.now() + ALARM_MS, writeAll)
  }
  return {
    databases,
    add: ({ partition }: Order): void => {
      waiting.set(partition, (waiting.get(partition) ?? 0) + 1)
    },
    writeEverySecond: (): void => clock.at(ALARM_MS, writeAll),
  }
}
