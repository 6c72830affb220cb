import type { LedgerRow } from '../../src/inventory/movements.ts'
import type { AdjustRequest } from '../../src/inventory/partition/adjustment.ts'
import type { LedgerKey } from '../../src/inventory/partition/departed-reservations.ts'
import { StockPartition } from '../../src/inventory/partition/stock-partition.ts'
import type { Product } from '../../src/inventory/product.ts'
import type { StockCommand, StockLine } from '../../src/inventory/stock.ts'
import { ORDER_ID } from './builders.ts'
import { createInMemorySql } from './in-memory-sql.ts'
import { createMemoryHost } from './memory-host.ts'

type Listed = { rows: readonly LedgerRow[]; products: readonly Product[] }

export const product = (productId: string, changes: Partial<Product> = {}): Omit<Product, 'revision'> => ({
  productId,
  name: `Product ${productId}`,
  unitPriceMinor: 5_000,
  currency: 'USD',
  ...changes,
})

/** A stock partition, in memory where it is given no database, with a ledger that does as it is told. */
export const createStockWorld = ({ sql = createInMemorySql() } = {}) => {
  const memory = createMemoryHost({ sql })
  const listed: Listed[] = []
  const unlisted: LedgerKey[] = []
  const world = {
    memory,
    /** What the ledger and the catalogue's list were given, in that order. */
    listed,
    /** What they do before they take anything. */
    onList: async (): Promise<void> => {},
    /** The keys of movements that were taken off the ledger. */
    unlisted,
    onUnlist: async (): Promise<void> => {},
  }
  const start = () =>
    new StockPartition({
      host: memory.host,
      list: async (changes) => {
        await world.onList()
        listed.push(changes)
      },
      unlist: async (keys) => {
        await world.onUnlist()
        unlisted.push(...keys)
      },
    })
  let partition = start()
  let adjustments = 0
  const adjust = (productId: string, delta: number, changes: Partial<AdjustRequest> = {}) => {
    adjustments += 1
    const adjustmentId = `adj_${adjustments}`
    return partition.adjust({
      adjustmentId,
      productId,
      delta,
      reason: 'receipt',
      request: undefined,
      ...changes,
    })
  }
  return Object.assign(world, {
    partition: () => partition,
    /** As after an eviction: memory is gone, storage is not. */
    restart: () => {
      partition = start()
    },
    adjust,
    /** Puts products with so much on hand, and forgets what was published of it. */
    stock: (onHand: Record<string, number>) => {
      for (const [productId, quantity] of Object.entries(onHand)) {
        partition.putProduct(product(productId))
        if (quantity > 0) adjust(productId, quantity)
      }
      memory.takePublished()
    },
    apply: (...commands: StockCommand[]) => partition.apply(commands),
    /** On hand and reserved. */
    level: (productId: string) => {
      const row = partition.product(productId)
      return row && [row.onHand, row.reserved]
    },
    wake: () => partition.wake(),
    /** `to id` of what was published since this was last asked. */
    published: () => memory.takePublished().map(({ to, event }) => `${to} ${event.id}`),
    /** The movements that the ledger's rows stand for. */
    movements: () =>
      listed.flatMap(({ rows }) =>
        rows.flatMap(({ kind, quantity, productId, reservedAt }) => [
          ...(reservedAt === undefined ? [] : [`reservation ${quantity} ${productId}`]),
          `${kind} ${quantity} ${productId}`,
        ]),
      ),
  })
}

export type StockWorld = ReturnType<typeof createStockWorld>

export const command = (
  kind: StockCommand['kind'],
  quantities: Record<string, number>,
  orderId = ORDER_ID,
): StockCommand => ({ kind, orderId, lines: linesOf(quantities) })

const linesOf = (quantities: Record<string, number>): StockLine[] =>
  Object.entries(quantities).map(([productId, quantity]) => ({ productId, quantity }))
