import { z } from 'zod'
import { amountField, currencyField, orderIdField, productIdField } from './fields.ts'

const line = z.object({ productId: productIdField, quantity: z.int().min(1) })

const shortage = z.object({ productId: productIdField, requested: z.int().min(1), available: z.int().min(0) })

export const stockLegSchema = z.object({ orderId: orderIdField, lines: z.array(line) })

/** `lines` are the short products alone. */
export const stockRejectedSchema = z.object({ orderId: orderIdField, lines: z.array(shortage) })

/** Stock has been reserved for long: does the order service know the order? */
export const reservationOverdueSchema = z.object({ orderId: orderIdField })

export const stockLevelCrossedSchema = z.object({ productId: productIdField, available: z.int().min(0) })

export const productChangedSchema = z.object({
  productId: productIdField,
  name: z.string().min(1),
  unitPrice: amountField,
  currency: currencyField,
})
