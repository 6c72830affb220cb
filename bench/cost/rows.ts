/** Rows that one order writes in one table for one reason. */
export type RowsWritten = {
  store: 'order partition' | 'stock partition' | 'payment partition' | 'D1'
  table: string
  reason: string
  rows: number
  /** Why the rows are written: what would be lost without them. */
  keeps: string
}

/**
 * What an order of one line writes that is confirmed and settled without other load. `test/e2e/cost-budget.test.ts`
 * holds the system to it. The alarms are shared: an order among others pays a part of them.
 */
const ROWS_OF_ONE_ORDER: readonly RowsWritten[] = [
  {
    ...{
      store: 'order partition',
      table: 'orders',
      reason: 'placed, with its entry in the index of due rows',
      rows: 2,
    },
    keeps: 'an order that was accepted is not lost, and its events are sent until they have an effect',
  },
  {
    ...{
      store: 'order partition',
      table: 'orders',
      reason: 'four reports, each with the index entry',
      rows: 8,
    },
    keeps: 'the order is decided once, and settles once',
  },
  {
    ...{ store: 'order partition', table: 'orders', reason: 'listed and settled', rows: 1 },
    keeps: 'every order is in its list',
  },
  {
    ...{ store: 'stock partition', table: 'holds', reason: 'reserved, with its index entry', rows: 2 },
    keeps: 'a repeated event reserves nothing twice',
  },
  {
    ...{ store: 'stock partition', table: 'holds', reason: 'committed, with its index entry', rows: 2 },
    keeps: 'a repeated event takes nothing from the stock twice',
  },
  {
    ...{ store: 'stock partition', table: 'holds', reason: 'written to the ledger', rows: 1 },
    keeps: 'every movement is in the ledger',
  },
  {
    ...{ store: 'stock partition', table: 'products', reason: 'level reserved, level committed', rows: 2 },
    keeps: 'no product is sold twice',
  },
  {
    ...{ store: 'payment partition', table: 'payments', reason: 'begun, with its index entry', rows: 2 },
    keeps: 'a call to the bank is known after a crash: no money is taken twice',
  },
  {
    ...{
      ...{ store: 'payment partition', table: 'payments', rows: 6 },
      reason: 'authorized, capture begun, captured, each with the index entry',
    },
    keeps: 'the bank’s answer is known after a crash',
  },
  {
    ...{ store: 'payment partition', table: 'payments', reason: 'listed', rows: 1 },
    keeps: 'every payment is in its list',
  },
  {
    ...{ store: 'D1', table: 'orders', reason: 'the list of orders, with an index entry', rows: 2 },
    keeps: '`GET /orders`',
  },
  {
    ...{ store: 'D1', table: 'payments', reason: 'the list of payments, with an index entry', rows: 2 },
    keeps: '`GET /payments`',
  },
  { ...{ store: 'D1', table: 'movements', reason: 'the ledger', rows: 1 }, keeps: 'the ledger of a product' },
]

/** Rows of each partition for each second in which it has work: its alarm. */
export const ROWS_OF_A_PARTITION_SECOND = 1

export const rowsOf = (store: (store: RowsWritten['store']) => boolean): number =>
  ROWS_OF_ONE_ORDER.filter((each) => store(each.store)).reduce((sum, { rows }) => sum + rows, 0)
