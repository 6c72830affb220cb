import { type StoredProduct, toStockRow } from '../../../src/inventory/partition/stock-store.ts'
import { type ProductEvent, productEvent } from '../../../src/inventory/product-feed.ts'
import type { Sql } from '../../../src/messaging/sql.ts'

/** All products of a stock partition, as the product feed has them. */
export const productsIn = (sql: Sql): ProductEvent[] =>
  sql<StoredProduct>('SELECT * FROM products').map((row) => productEvent(toStockRow(row)))

/** The versions of all products, as commits left them. A version that a later one of its commit replaced is not among them. */
export class ProductVersions {
  readonly #committed = new Map<string, ProductEvent>()
  readonly #newest = new Map<string, ProductEvent>()

  /** Called after each commit of a stock partition. */
  see(sql: Sql): void {
    for (const event of productsIn(sql)) {
      this.#committed.set(event.id, event)
      this.#newest.set(event.partitionkey, event)
    }
  }

  /** The version with this id of the feed, if a commit left it. */
  committed(id: string): ProductEvent | undefined {
    return this.#committed.get(id)
  }

  /** The last version of each product until now. */
  newest(): ProductEvent[] {
    return [...this.#newest.values()]
  }
}
