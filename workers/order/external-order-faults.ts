import type { ExternalOrder, Located } from '../../src/contracts/external-order.ts'
import type { Fault } from '../../src/contracts/http/problem.ts'
import { jsonPointer } from '../../src/contracts/json-pointer.ts'
import { assertNever } from '../../src/kernel/assert.ts'
import type { ExternalRefusal } from '../../src/order/partition/external-placement.ts'
import type { Product } from '../../src/order/pricing.ts'

/** Events that were refused, with each place of the request that is at fault. */
export type FaultyEvents = { code: ExternalRefusal['reason']['code']; errors: Fault[] }

/** One problem for all refusals: its code is the first one, and its errors name each place with that code. */
export const problemOf = (
  refusals: readonly ExternalRefusal[],
  events: readonly Located<ExternalOrder>[],
  products: ReadonlyMap<string, Product>,
): FaultyEvents => {
  const reasons = new Map(refusals.map(({ orderId, reason }) => [orderId, reason]))
  const faults = events.flatMap((event) => {
    const reason = reasons.get(event.value.orderId)
    if (reason === undefined) return []
    const errors = placesOf(reason.code, event.value, products).map((place) => ({
      path: jsonPointer([...event.at, ...place]),
      message: reason.detail,
    }))
    return [{ code: reason.code, errors }]
  })
  const code = faults[0]?.code ?? 'order_id_taken'
  return { code, errors: faults.flatMap((fault) => (fault.code === code ? fault.errors : [])) }
}

/** The places of the event's data that the reason is about. */
const placesOf = (
  code: ExternalRefusal['reason']['code'],
  { items }: ExternalOrder,
  products: ReadonlyMap<string, Product>,
): (string | number)[][] => {
  switch (code) {
    case 'order_id_taken':
      return [['orderId']]
    case 'price_mismatch':
      return [['totalAmount']]
    case 'mixed_currencies':
    case 'amount_too_large':
    case 'amount_not_chargeable':
      return [['items']]
    case 'payment_required':
      return [['payment']]
    case 'unknown_product':
      return items.flatMap(({ productId }, index) =>
        products.has(productId) ? [] : [['items', index, 'productId']],
      )
    case 'orders_paused':
      return items.flatMap(({ productId }, index) =>
        products.get(productId)?.paused === undefined ? [] : [['items', index, 'productId']],
      )
    default:
      return assertNever(code)
  }
}
