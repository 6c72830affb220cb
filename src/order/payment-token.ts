import type { Order, PaymentStatus } from './order.ts'

/** In these states the bank is never asked to charge the order again. */
const TOKEN_IS_USED: readonly PaymentStatus[] = ['captured', 'declined', 'voided', 'failed', 'refunded']

/** Our own ids begin so. An external id never does. */
const OWN_ID = /^ord_/

/** The id that the client gave the order. Only an order with such an id can arrive a second time, with its token. */
export const externalIdOf = ({ orderId, externalId }: Order): string | undefined =>
  externalId ?? (OWN_ID.test(orderId) ? undefined : orderId)

/** Hashes of a payment token under every key that this Worker has, newest first. */
export type TokenHasher = (client: string, externalId: string, token: string) => Promise<readonly string[]>

/** The text that is hashed. It holds the order's name, so equal tokens of two orders have different hashes. */
export const hashedText = (client: string, externalId: string, token: string): string =>
  JSON.stringify([client, externalId, token])

/** Whether the token needs a stored hash before it can be erased. */
export const lacksHash = (order: Order): boolean =>
  order.paymentToken !== undefined &&
  order.paymentTokenHash === undefined &&
  externalIdOf(order) !== undefined

/** The order without its token, once the token is used and can be erased. */
export const withoutUsedToken = (order: Order): Order => {
  if (order.paymentToken === undefined || !isTokenUsed(order) || lacksHash(order)) return order
  const { paymentToken: _used, ...rest } = order
  return rest
}

export const isTokenUsed = (order: Order): boolean => TOKEN_IS_USED.includes(order.payment.status)

/** The token of an event, with its hashes under every key that the Worker has. */
export type AskedToken = { token: string | undefined; hashes: readonly string[] }

/** Where the key of the stored hash is gone, tokens cannot be compared. Then the rest of the event decides. */
export const isSameToken = (
  order: Pick<Order, 'paymentToken' | 'paymentTokenHash'>,
  { token, hashes }: AskedToken,
): boolean => {
  const { paymentToken, paymentTokenHash } = order
  if (paymentToken !== undefined || paymentTokenHash === undefined) return paymentToken === token
  if (token === undefined) return false
  const comparable = hashes.filter((hash) => keyIdOf(hash) === keyIdOf(paymentTokenHash))
  return comparable.length === 0 || comparable.includes(paymentTokenHash)
}

const keyIdOf = (hash: string): string => hash.slice(0, hash.indexOf('.'))
