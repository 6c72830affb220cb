import type { ListSource } from '../../messaging/list-filling.ts'
import type { Sql } from '../../messaging/sql.ts'
import { type LedgerRow, ledgerRowsOf, movementOfAdjustment } from '../movements.ts'
import type { Product } from '../product.ts'
import { loadAdjustmentsAfter } from './adjustment-store.ts'
import type { AlarmWorkPorts } from './alarm-work.ts'
import { loadProductsAfter, loadReservationsAfter } from './stock-store.ts'

/** What the lists show of one row of a partition. */
type Listed = { key: string; rows: readonly LedgerRow[]; products: readonly Product[] }

/** The tables that the lists show, by ascending prefix. A key is the prefix of its table and the id of its row. */
const TABLES: readonly { prefix: string; load(sql: Sql, id: string, limit: number): Listed[] }[] = [
  {
    prefix: 'adjustment/',
    load: (sql, id, limit) =>
      loadAdjustmentsAfter(sql, id, limit).map((adjustment) => ({
        key: adjustment.adjustmentId,
        rows: [movementOfAdjustment(adjustment)],
        products: [],
      })),
  },
  {
    prefix: 'product/',
    load: (sql, id, limit) =>
      loadProductsAfter(sql, id, limit).map((product) => ({
        key: product.productId,
        rows: [],
        products: [product],
      })),
  },
  {
    prefix: 'reservation/',
    load: (sql, id, limit) =>
      loadReservationsAfter(sql, id, limit).map((reservation) => ({
        key: reservation.orderId,
        rows: ledgerRowsOf(reservation),
        products: [],
      })),
  },
]

/** At most `limit` rows after `key`, of one table or of several. */
const loadListedAfter = (sql: Sql, key: string, limit: number): Listed[] => {
  const listed: Listed[] = []
  for (const { prefix, load } of TABLES) {
    const isBegun = key.startsWith(prefix)
    if (key > prefix && !isBegun) continue
    const rows = load(sql, isBegun ? key.slice(prefix.length) : '', limit - listed.length)
    listed.push(...rows.map((row) => ({ ...row, key: prefix + row.key })))
    if (listed.length >= limit) break
  }
  return listed
}

type Ports = Pick<AlarmWorkPorts, 'list'> & {
  /** In a turn: publishes products once more, for the copy that prices orders. */
  announce(products: readonly Product[]): void
}

/**
 * Every movement of a partition for the ledger, and every product for the list of products and for the order service's
 * copy. A movement has one place in the ledger, however often it is written.
 */
export const listedStock = ({ list, announce }: Ports): ListSource<Listed> => ({
  name: 'movements',
  loadAfter: loadListedAfter,
  keyOf: ({ key }) => key,
  write: (listed) =>
    list({
      rows: listed.flatMap(({ rows }) => rows),
      products: listed.flatMap(({ products }) => products),
    }),
  listed: (listed) => announce(listed.flatMap(({ products }) => products)),
})
