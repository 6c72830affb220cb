import { isDeepStrictEqual } from 'node:util'
import { checkMoney } from './check-money.ts'
import type { Evidence } from './evidence.ts'
import type { Order } from './ledger.ts'
import { CAPTURE_REFUSED_TOKEN, DECLINED_TOKENS } from './tokens.ts'
import type { Violation, ViolationKind } from './violations.ts'

/** The errors in one order at rest. */
export const checkOrder = (evidence: Evidence, isScarce: (productId: string) => boolean): Violation[] => {
  const { order, accepted } = evidence
  const violation = (kind: ViolationKind, detail: string): Violation => ({
    kind,
    subject: accepted.orderId,
    detail,
    evidence,
  })
  if (order === undefined)
    return [violation('lost order', 'accepted with 202, and now there is no such order')]
  const found: (Violation | false)[] = [
    !isSameContent(accepted, order) && violation('lost order', 'its content differs from the response'),
    !isAsRequested(evidence) && violation('lost order', 'its content differs from the request'),
    order.settledAt === undefined && violation('not settled', `${order.status}, and not settled`),
    !isHeldRight(order) &&
      violation('wrong decision', `${order.status} with stock ${order.inventory.status}`),
    !isExplained(evidence, order, isScarce) &&
      violation('wrong decision', `${order.status} (${order.reason?.code ?? 'no reason'}) is not explained`),
    ...historyFaults(evidence).map((fault) => violation('wrong history', fault)),
    ...checkMoney(evidence, order).map(({ kind, detail }) => violation(kind, detail)),
  ]
  return found.filter((each) => each !== false)
}

/** The parts of an order that never change. */
const contentOf = ({
  orderId,
  currency,
  totalAmount,
  items,
  customerId,
  reference,
  metadata,
  placedAt,
}: Order) => ({
  ...{ orderId, currency, totalAmount, items, customerId, reference, metadata, placedAt },
})

const isSameContent = (one: Order, other: Order): boolean =>
  isDeepStrictEqual(contentOf(one), contentOf(other))

type Body = { items: { productId: string; quantity: number }[]; reference?: string; customerId?: string }

const isAsRequested = ({ request, accepted }: Evidence): boolean => {
  const body = request as Body
  return (
    isDeepStrictEqual(unitsOf(body.items), unitsOf(accepted.items)) &&
    body.reference === accepted.reference &&
    body.customerId === accepted.customerId
  )
}

const unitsOf = (items: readonly { productId: string; quantity: number }[]): Record<string, number> => {
  const units: Record<string, number> = {}
  for (const { productId, quantity } of items) units[productId] = (units[productId] ?? 0) + quantity
  return units
}

const isHeldRight = ({ status, inventory }: Order): boolean =>
  status === 'confirmed' ? inventory.status === 'committed' : /^(released|rejected)$/.test(inventory.status)

/** Each decision has a cause that the client knows: a card, a scarce product or its own cancellation. */
const isExplained = (
  { token, cancellations, accepted }: Evidence,
  { status, reason }: Order,
  isScarce: (productId: string) => boolean,
): boolean => {
  const isDeclined = DECLINED_TOKENS.includes(token ?? '')
  const isRefused = token === CAPTURE_REFUSED_TOKEN
  const isCancelled = cancellations.some((status) => status < 300)
  if (status === 'confirmed') return !isDeclined && !isRefused && cancellations.length === 0
  if (status === 'cancelled') {
    if (cancellations.includes(409)) return false
    return reason?.code === 'payment_failed' ? isRefused : isCancelled
  }
  if (status !== 'rejected' || isCancelled) return false
  if (reason?.code === 'payment_declined') return isDeclined
  return reason?.code === 'out_of_stock' && accepted.items.some(({ productId }) => isScarce(productId))
}

const DECISIONS = ['OrderConfirmed', 'OrderRejected', 'OrderCancelled']

const historyFaults = ({ events }: Evidence): string[] => {
  const count = (type: string) => events.filter((event) => event.type === type).length
  const ids = new Set(events.map(({ id }) => id))
  return [
    ...(ids.size === events.length ? [] : ['an event is listed twice']),
    ...(count('OrderPlaced') === 1 ? [] : [`placed ${count('OrderPlaced')} times`]),
    ...DECISIONS.filter((type) => count(type) > 1).map((type) => `${type} ${count(type)} times`),
    ...(count('OrderRejected') > 0 && count('OrderConfirmed') + count('OrderCancelled') > 0
      ? ['rejected, and decided otherwise too']
      : []),
  ]
}
