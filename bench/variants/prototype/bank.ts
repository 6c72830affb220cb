import { DurableObject } from 'cloudflare:workers'

export type BankCall = {
  orderId: string
  operation: 'authorize' | 'capture' | 'void'
  amount: number
  token: string
}

/** The bank is not part of the system: every variant has the same one. A repeated call has its effect once. */
export class SimulatedBankObject extends DurableObject<object> {
  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env)
    ctx.storage.sql
      .exec(
        `CREATE TABLE IF NOT EXISTS operations (
          order_id TEXT, operation TEXT, amount_minor INTEGER, outcome TEXT, PRIMARY KEY (order_id, operation)
        ) WITHOUT ROWID`,
      )
      .toArray()
  }

  /** For each call, whether the bank did it. */
  perform(calls: readonly BankCall[]): boolean[] {
    return calls.map(({ orderId, operation, amount, token }) => {
      const isDeclined = operation === 'authorize' && token === 'pm_card_chargeDeclined'
      this.ctx.storage.sql
        .exec(
          'INSERT OR IGNORE INTO operations (order_id, operation, amount_minor, outcome) VALUES (?, ?, ?, ?)',
          ...[orderId, operation, amount, isDeclined ? 'declined' : 'succeeded'],
        )
        .toArray()
      return !isDeclined
    })
  }
}
