import type { Sql } from '../../messaging/sql.ts'
import { advanceSweep, sweptUpTo } from '../../messaging/sweep.ts'
import { withoutUsedToken } from '../payment.ts'
import { loadAfter, storePayment } from './payment-store.ts'

/** In a turn: erases the used tokens in the next portion of what older code has stored. */
export const eraseOldTokens = (sql: Sql): void => {
  const after = sweptUpTo(sql, 'tokens')
  if (after === undefined) return
  const rows = loadAfter(sql, after)
  for (const row of rows) {
    const payment = withoutUsedToken(row.payment)
    if (payment !== row.payment) storePayment(sql, { ...row, payment })
  }
  advanceSweep(
    sql,
    'tokens',
    rows.map((row) => row.payment.orderId),
  )
}
