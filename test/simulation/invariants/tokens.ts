import { isSettled, type Order } from '../../../src/order/order.ts'
import { externalIdOf, isSameToken } from '../../../src/order/payment-token.ts'
import { hashesOf } from '../clients/external-orders.ts'
import type { System } from '../system/system.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** A payment token that is no longer needed is in no row of a partition, of the bank or of the dead letters. */
export const checkTokens = (
  { orders }: Stored,
  { system, excused, tokenOf }: { system: System; excused: ReadonlySet<string>; tokenOf: TokenOf },
  violated: Violated,
): void => {
  for (const { order } of orders.values()) checkStillTheSame(order, tokenOf(order.orderId), violated)
  for (const { name, sql } of [...system.orders.values(), ...system.payments.values()]) {
    const table = name.startsWith('orders') ? 'orders' : 'payments'
    const rows = sql<{ order_id: string; document: string }>(`SELECT order_id, document FROM ${table}`)
    for (const { order_id: orderId, document } of rows) {
      if (TOKEN.test(document) && hasSettled(orders.get(orderId)) && !excused.has(orderId))
        violated(INVARIANT, `${name} has the token of ${orderId}`)
    }
  }
  for (const { name, sql } of system.banks.values()) {
    const rows = sql<Record<string, unknown>>('SELECT * FROM operations')
    if (rows.some((row) => TOKEN.test(JSON.stringify(row)))) violated(INVARIANT, `${name} has a token`)
  }
  checkClosedLetters(system, violated)
}

const checkClosedLetters = ({ readModels }: System, violated: Violated): void => {
  const closed = readModels.operations.sql<{ id: string }>(
    "SELECT * FROM dead_letters WHERE status <> 'open'",
  )
  for (const letter of closed) {
    if (TOKEN.test(JSON.stringify(letter))) violated(INVARIANT, `the closed letter ${letter.id} has a token`)
  }
}

type TokenOf = (orderId: string) => string | undefined

/** A repeated event is recognized as the same order, and one with another token is not. */
const checkStillTheSame = (order: Order, token: string | undefined, violated: Violated): void => {
  const { orderId, client, paymentToken, paymentTokenHash } = order
  const externalId = externalIdOf(order)
  if (client === null || externalId === undefined || token === undefined) return
  if (paymentToken !== undefined || paymentTokenHash === undefined) return
  const isSame = (asked: string) =>
    isSameToken(order, { token: asked, hashes: hashesOf(client, externalId, asked) })
  if (!isSame(token) || isSame(`${token} of another`))
    violated('an order is found by its event after its token was erased', orderId)
}

const INVARIANT = 'a token that is no longer needed is stored nowhere'

/** All tokens of the worlds begin like this. */
const TOKEN = /pm_(card|sim|unknown|mock)_/

const hasSettled = (stored: { order: Order } | undefined): boolean =>
  stored !== undefined && isSettled(stored.order)
