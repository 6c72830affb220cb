import type { DomainEvent } from '../../src/contracts/events.ts'
import { respond } from '../../src/inventory/responder.ts'
import type { Reservation } from '../../src/inventory/stock.ts'
import { partitionIndex } from '../../src/kernel/partitions.ts'
import type { Outgoing } from '../../src/messaging/outgoing.ts'
import { NOW } from './builders.ts'
import { createInMemorySql } from './in-memory-sql.ts'
import { createStockWorld, type StockWorld } from './stock-world.ts'

/** The fate of a call to a partition: it fails before it has an effect, or after, so that its reply is lost. */
export type CallFate = 'fine' | 'fails' | 'reply lost'

/** The consumer of the inventory inbox over real partitions. Its calls fail as `fateOf` says. */
export const createInventoryWorld = (
  onHand: Record<string, number>,
  count = 2,
  createSql = createInMemorySql,
) => {
  const stocks = Array.from({ length: count }, () => createStockWorld({ sql: createSql() }))
  const at = (index: number): StockWorld => {
    const stock = stocks[index]
    if (stock === undefined) throw new Error(`there is no partition ${index}`)
    return stock
  }
  const stockOf = (productId: string) => at(partitionIndex(productId, count))
  for (const [productId, quantity] of Object.entries(onHand)) {
    stockOf(productId).stock({ [productId]: quantity })
  }
  const reports: DomainEvent[] = []
  const calls: string[] = []
  const call = async <Out>(index: number, what: string, run: () => Out): Promise<Out> => {
    calls.push(`${what} at ${index}`)
    const fate = world.fateOf(index)
    if (fate === 'fails') throw new Error(`partition ${index} is away`)
    const out = run()
    if (fate === 'reply lost') throw new Error(`the reply of partition ${index} was lost`)
    return out
  }
  const world = {
    /** The reports since they were last taken. */
    takeReports: () => reports.splice(0),
    /** Calls of partitions since they were last taken. */
    takeCalls: () => calls.splice(0),
    fateOf: (_index: number): CallFate => 'fine',
    onPublish: async (): Promise<void> => {},
    stocks,
    stockOf,
    /** On hand and reserved. */
    level: (productId: string) => stockOf(productId).level(productId),
    /** The holds of an order at all partitions. */
    holds: (orderId: string): Reservation[] =>
      stocks.flatMap(({ memory }) =>
        memory
          .sql<{ document: string }>('SELECT document FROM holds WHERE order_id = ?', orderId)
          .map(({ document }) => JSON.parse(document) as Reservation),
      ),
    respond: (...events: DomainEvent[]) =>
      respond(events, {
        partitions: {
          count,
          apply: (index, commands) => call(index, 'apply', () => at(index).apply(...commands)),
          letGo: (index, departure) => call(index, 'let go', () => at(index).partition().letGo(departure)),
          acknowledge: (index, ids) =>
            call(index, 'acknowledge', () => at(index).partition().acknowledge(ids)),
        },
        publish: async (outgoing: readonly Outgoing[]) => {
          await world.onPublish()
          reports.push(...outgoing.map(({ event }) => event))
        },
        now: () => NOW,
      }),
  }
  return world
}

export type InventoryWorld = ReturnType<typeof createInventoryWorld>
