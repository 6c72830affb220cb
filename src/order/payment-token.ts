import type { Order, PaymentStatus } from './order.ts'

/** From here on the bank is never asked to charge the order anew. */
const TOKEN_IS_USED: readonly PaymentStatus[] = ['captured', 'declined', 'voided', 'failed', 'refunded']

/** Ids that we make begin so; no id from outside does. */
const OWN_ID = /^ord_/

/** The id that the order's client gave it. Only an order that has one is ever told of again, with its token. */
export const externalIdOf = ({ orderId, externalId }: Order): string | undefined =>
  externalId ?? (OWN_ID.test(orderId) ? undefined : orderId)

/** Hashes of a payment token under every key that this Worker has, newest first. */
export type TokenHasher = (client: string, externalId: string, token: string) => Promise<readonly string[]>

/** What a token is hashed with: the hash tells nothing of other orders that were paid with the same one. */
export const hashedText = (client: string, externalId: string, token: string): string =>
  JSON.stringify([client, externalId, token])

/** Whether a hash has to take the token's place before it can be erased. */
export const lacksHash = (order: Order): boolean =>
  order.paymentToken !== undefined &&
  order.paymentTokenHash === undefined &&
  externalIdOf(order) !== undefined

/** Without its token once that was used for good, as far as it can be erased. */
export const withoutUsedToken = (order: Order): Order => {
  if (order.paymentToken === undefined || !isTokenUsed(order) || lacksHash(order)) return order
  const { paymentToken: _used, ...rest } = order
  return rest
}

export const isTokenUsed = (order: Order): boolean => TOKEN_IS_USED.includes(order.payment.status)

/** What an event says of the token: itself, and its hashes under every key that the Worker has. */
export type AskedToken = { token: string | undefined; hashes: readonly string[] }

/** Where the key of the stored hash is gone, the tokens cannot be compared, and what else the event says decides. */
export const isSameToken = (order: Order, { token, hashes }: AskedToken): boolean => {
  const { paymentToken, paymentTokenHash } = order
  if (paymentToken !== undefined || paymentTokenHash === undefined) return paymentToken === token
  if (token === undefined) return false
  const comparable = hashes.filter((hash) => keyIdOf(hash) === keyIdOf(paymentTokenHash))
  return comparable.length === 0 || comparable.includes(paymentTokenHash)
}

const keyIdOf = (hash: string): string => hash.slice(0, hash.indexOf('.'))
