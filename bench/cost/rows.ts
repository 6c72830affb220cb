/** Rows that one order writes in one table, in the calls of one method or in the wake-ups of the alarm. */
export type RowsWritten = {
  /** A class of objects, or the binding of a D1 database. */
  where: 'OrderObject' | 'StockObject' | 'PaymentObject' | 'LISTS_DB' | 'PAYMENTS_DB' | 'INVENTORY_DB'
  table: string
  /** The method of the object. For a list in D1, the handler that writes it. */
  call: string
  rows: number
  /** What happened to the order. */
  what: string
  /** What would be lost without the rows. */
  keeps: string
}

/**
 * What an order of one line writes that is confirmed and settled without other load. `test/system/cost-budget.test.ts`
 * holds the system to exactly this. Other load makes the rows fewer that orders share.
 */
export const ROWS_OF_ONE_ORDER: readonly RowsWritten[] = [
  {
    ...{ where: 'OrderObject', table: 'orders', call: 'placeAll', rows: 1, what: 'placed' },
    keeps: 'an accepted order is not lost, and its events are sent until they have an effect',
  },
  {
    ...{ where: 'OrderObject', table: 'orders', call: 'answer', rows: 2, what: 'decided; settled' },
    keeps: 'an order is decided once, and settles once',
  },
  {
    ...{ where: 'OrderObject', table: 'watermarks', call: 'alarm', rows: 1, what: 'looked at; shared' },
    keeps: 'no row without a due time is forgotten',
  },
  {
    ...{ where: 'StockObject', table: 'holds', call: 'apply', rows: 2, what: 'reserved; committed' },
    keeps: 'a repeated event reserves and takes nothing twice',
  },
  {
    ...{ where: 'StockObject', table: 'watermarks', call: 'alarm', rows: 1, what: 'looked at; shared' },
    keeps: 'no movement is missing in the ledger',
  },
  {
    ...{
      where: 'StockObject',
      table: 'products',
      call: 'apply',
      rows: 2,
      what: 'level reserved; level committed',
    },
    keeps: 'nothing is sold twice',
  },
  {
    ...{
      where: 'PaymentObject',
      table: 'payments',
      call: 'begin',
      rows: 2,
      what: 'begun; authorized and capture begun',
    },
    keeps: 'a call to the bank is known after a crash, so no money is taken twice',
  },
  {
    ...{ where: 'PaymentObject', table: 'payments', call: 'record', rows: 1, what: 'captured' },
    keeps: 'what the bank replied is known after a crash',
  },
  {
    ...{ where: 'PaymentObject', table: 'watermarks', call: 'alarm', rows: 1, what: 'looked at; shared' },
    keeps: 'no payment is missing in its list',
  },
  {
    ...{ where: 'LISTS_DB', table: 'listed_orders', call: 'alarm', rows: 1, what: 'listed' },
    keeps: '`GET /orders`',
  },
  {
    ...{ where: 'PAYMENTS_DB', table: 'listed_payments', call: 'alarm', rows: 1, what: 'listed' },
    keeps: '`GET /payments`',
  },
  {
    ...{ where: 'INVENTORY_DB', table: 'movements', call: 'alarm', rows: 1, what: 'the ledger' },
    keeps: 'the ledger of a product',
  },
  ...(['OrderObject', 'StockObject', 'PaymentObject'] as const).map((where) => ({
    ...{ where, table: 'alarm', call: '', rows: 1, what: 'alarm set; shared' },
    keeps: 'work that is due is done without a request',
  })),
]

export const isInDatabase = ({ where }: RowsWritten): boolean => where.endsWith('_DB')

/** One row serves all orders of a second. */
export const isShared = ({ what }: RowsWritten): boolean => what.endsWith('shared')

export const sumOfRows = (rows: readonly RowsWritten[]): number =>
  rows.reduce((sum, each) => sum + each.rows, 0)
