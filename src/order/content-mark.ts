import type { ExternalOrder } from '../contracts/external-order.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { hash32 } from '../kernel/hash.ts'
import { toMajor } from '../kernel/money.ts'
import type { Order } from './order.ts'
import { type AskedToken, isSameToken } from './payment-token.ts'

/** What stays of an external order that has left, so that the same event can be told from another one. */
export type ContentMark = {
  /** 64 bits over the lines and the total. */
  content: string
  currency: string
  isCurrencyImplied: boolean
  tokenHash: string | undefined
}

/** Who bought is left out, because a mark stays for ever. */
export const contentMarkOf = (order: Order): ContentMark => ({
  content: hashOf({ items: order.lines, totalAmount: toMajor(order.totalMinor, order.currency) }),
  currency: order.currency,
  isCurrencyImplied: order.isCurrencyImplied ?? false,
  tokenHash: order.paymentTokenHash,
})

/** Whether an event describes the order of this mark. */
export const isMarkedOrder = (
  mark: ContentMark,
  asked: ExternalOrder,
  hashes: AskedToken['hashes'],
): boolean => {
  const stored = mark.tokenHash === undefined ? {} : { paymentTokenHash: mark.tokenHash }
  const isCurrencyOpen = mark.isCurrencyImplied && asked.isCurrencyImplied === true
  return (
    hashOf(asked) === mark.content &&
    (isCurrencyOpen || asked.currency === mark.currency) &&
    isSameToken(stored, { token: asked.paymentToken, hashes })
  )
}

const hashOf = ({ items, totalAmount }: Pick<ExternalOrder, 'items' | 'totalAmount'>): string => {
  const lines = items.map(({ productId, quantity }) => ({ productId, quantity }))
  const text = canonicalJson({ lines, totalAmount })
  return [text, `+${text}`].map((part) => hash32(part).toString(16).padStart(8, '0')).join('')
}
