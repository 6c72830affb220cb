import { markdownTable } from '../figures-in-page.ts'
import { isShared, ROWS_OF_ONE_ORDER, type RowsWritten, sumOfRows } from './rows.ts'

const NAMES: Record<RowsWritten['where'], string> = {
  OrderObject: 'order partition',
  StockObject: 'stock partition',
  PaymentObject: 'payment partition',
  LISTS_DB: 'D1, list of orders',
  PAYMENTS_DB: 'D1, list of payments',
  INVENTORY_DB: 'D1, ledger',
}

/** The rows of one order by table, as docs/storage.md shows them. */
export const rowsTable = (): string =>
  markdownTable(
    ['where', 'table', 'for', 'rows', 'what the rows keep'],
    [
      ...ROWS_OF_ONE_ORDER.map(({ where, table, what, rows, keeps }) => [
        NAMES[where],
        table === 'alarm' ? 'the alarm' : `\`${table}\``,
        what,
        rows,
        keeps,
      ]),
      ['**sum**', '', '', `**${sumOfRows(ROWS_OF_ONE_ORDER)}**`, ''],
      ['of these shared', '', '', sumOfRows(ROWS_OF_ONE_ORDER.filter(isShared)), ''],
    ],
  )
