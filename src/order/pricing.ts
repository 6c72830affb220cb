import { formatMinor, multiply, sum, toMajor, toMinor } from '../kernel/money.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import type { OrderLine } from './order.ts'
import { type Pausable, type Paused, refuseWhilePaused } from './pause.ts'

/** A product in the order service's copy of the catalogue, which `ProductChanged` events update. */
export type Product = Pausable & { unitPriceMinor: number; currency: string }

export type PricingRefusal =
  | { code: 'unknown_product'; detail: string }
  | { code: 'mixed_currencies'; detail: string }
  | { code: 'price_mismatch'; detail: string }
  | { code: 'amount_too_large'; detail: string }
  | Paused
  | { code: 'payment_required'; detail: string }
  | { code: 'amount_not_chargeable'; detail: string }

export type Priced = { currency: string; totalMinor: number; lines: OrderLine[] }

/** The price that the caller expects, in the currency's major unit. */
export type Declared = { totalAmount?: number | undefined; currency?: string | undefined }

/** Prices come from the catalogue, never from the caller. A declared total has to equal the computed one. */
export const priceOrder = (
  items: readonly { productId: string; quantity: number }[],
  products: ReadonlyMap<string, Product>,
  declared: Declared,
): Result<Priced, PricingRefusal> => {
  const unknown = [...new Set(items.map((item) => item.productId))].filter((id) => !products.has(id))
  if (unknown.length > 0) {
    return refusal({ code: 'unknown_product', detail: `The catalogue has no product ${unknown.join(', ')}.` })
  }
  const paused = refuseWhilePaused([...products.values()])
  if (paused !== undefined) return refusal(paused)
  const currencies = new Set(items.map((item) => products.get(item.productId)?.currency ?? ''))
  const [currency = ''] = currencies
  if (currencies.size > 1) {
    const detail = `The products are priced in ${[...currencies].join(' and ')}; an order has one currency.`
    return refusal({ code: 'mixed_currencies', detail })
  }
  const lines = items.map((item) => priceLine(item, products.get(item.productId)?.unitPriceMinor ?? 0))
  const totalMinor = sum(lines.map((line) => line.amountMinor ?? Number.MAX_SAFE_INTEGER))
  if (totalMinor === undefined) {
    return refusal({
      code: 'amount_too_large',
      detail: 'The total is too large. Split the order into smaller ones.',
    })
  }
  if (!isAsDeclared(declared, totalMinor, currency)) {
    const detail = `The total is ${formatMinor(totalMinor, currency)} ${currency} (totalAmount ${toMajor(totalMinor, currency)}).`
    return refusal({ code: 'price_mismatch', detail })
  }
  return success({ currency, totalMinor, lines: lines as OrderLine[] })
}

const priceLine = (item: { productId: string; quantity: number }, unitPriceMinor: number) => ({
  productId: item.productId,
  quantity: item.quantity,
  unitPriceMinor,
  amountMinor: multiply(unitPriceMinor, item.quantity),
})

const isAsDeclared = (declared: Declared, totalMinor: number, currency: string): boolean => {
  if (declared.currency !== undefined && declared.currency !== currency) return false
  return declared.totalAmount === undefined || toMinor(declared.totalAmount, currency) === totalMinor
}
