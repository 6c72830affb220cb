import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { decodeCursor } from '../../../src/contracts/paging.ts'
import { SHARED_ROW_MS_MAX } from '../../../src/inventory/movements.ts'
import { findMovements, writeLedger } from '../../../workers/inventory/ledger.ts'
import { countRowsRead } from '../../support/rows-read.ts'

const DATABASE = (env as InventoryEnv).INVENTORY_DB
const START = Date.UTC(2026, 10, 23)
const LIMIT = 20
/** The rows of the page and of orders that were open where it begins, once read and several times sorted. */
const OWN_ROWS_MAX = 10 * LIMIT

/** Rows of orders that were committed 80 ms after they were reserved, at a constant rate. */
const fill = (productId: string, orders: number, everyMs: number) =>
  writeLedger(
    DATABASE,
    Array.from({ length: orders }, (_, nth) => {
      const orderId = `ord_0_${String(nth).padStart(26, '0')}`
      const reservedAt = START + nth * everyMs
      const at = reservedAt + 80
      return {
        movementId: `${orderId}/commit`,
        kind: 'commit',
        quantity: 1,
        ...{ productId, at, orderId, reservedAt },
      } as const
    }),
  )

/** Rows that each of so many pages has read. */
const rowsReadBy = async (productId: string, pages: number): Promise<number[]> => {
  const { database, taken } = countRowsRead(DATABASE)
  const read: number[] = []
  let cursor: string | undefined
  for (let page = 0; page < pages; page += 1) {
    const after = cursor === undefined ? undefined : decodeCursor(cursor)?.position
    const { items, nextCursor } = await findMovements(database, productId, { list: '', limit: LIMIT, after })
    expect(items).toHaveLength(LIMIT)
    read.push(taken())
    cursor = nextCursor
  }
  return read
}

it.each([
  ['every ten seconds', 'SLOW', 10_000],
  ['a hundred times a second', 'HOT', 10],
])(
  'a page of a product that is ordered %s reads its own rows and those of five seconds',
  async (_, productId, everyMs) => {
    await fill(productId, 3_000, everyMs)
    const read = await rowsReadBy(productId, 60)
    const later = Math.ceil(SHARED_ROW_MS_MAX / everyMs)
    expect(Math.max(...read)).toBeLessThanOrEqual(later + OWN_ROWS_MAX)
  },
)
