import { z } from 'zod'
import { amountField, currencyField, isAmountOf, productIdField, STOCK_DELTA_MAX } from '../fields.ts'
import { pageQuery, timedPageQuery } from '../paging.ts'

export const productIdParam = z.object({ productId: productIdField })

export const putProductSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    unitPrice: amountField.gt(0),
    currency: currencyField,
  })
  .refine((product) => isAmountOf(product.unitPrice, product.currency), {
    path: ['unitPrice'],
    error: 'has more decimals than the currency, or is too large',
  })

export const productSchema = z.object({
  productId: z.string(),
  name: z.string(),
  unitPrice: z.number(),
  currency: z.string(),
})

export const adjustStockSchema = z.strictObject({
  delta: z
    .int()
    .min(-STOCK_DELTA_MAX)
    .max(STOCK_DELTA_MAX)
    .refine((delta) => delta !== 0, 'must not be 0'),
  reason: z.string().min(1).max(200).default('adjustment'),
})

export const levelSchema = z.object({
  productId: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  available: z.int(),
  updatedAt: z.string(),
})

export const movementSchema = z.object({
  kind: z.enum(['receipt', 'adjustment', 'reservation', 'commit', 'release', 'return']),
  quantity: z.int(),
  orderId: z.string().optional(),
  reason: z.string().optional(),
  at: z.string(),
})

export const listSchema = z.strictObject(pageQuery)

/** For lists in the order of time. */
export const timedListSchema = z.strictObject(timedPageQuery)
