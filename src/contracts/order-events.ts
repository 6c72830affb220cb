import { z } from 'zod'
import {
  amountField,
  currencyField,
  isAmountOf,
  LINES_MAX,
  orderIdField,
  placedOrderIdField,
  productIdField,
  quantityField,
  timestampField,
} from './fields.ts'

/** A line of an order. Version 1 producers knew no prices. */
const orderItem = z.object({
  productId: productIdField,
  quantity: quantityField,
  unitPrice: amountField.optional(),
  amount: amountField.optional(),
})

const reason = z.object({ code: z.string(), detail: z.string() })

const STAYS_INSIDE = { description: 'Only inside the system: views of the event outside leave it out.' }

const money = { totalAmount: amountField, currency: currencyField }

const isTotalOfCurrency = (data: { totalAmount: number; currency: string }): boolean =>
  isAmountOf(data.totalAmount, data.currency)
const HAS_TOO_MANY_DECIMALS = { path: ['totalAmount'], error: 'is not an amount of the currency' }

export const orderPlacedSchema = z
  .object({
    orderId: placedOrderIdField,
    items: z.array(orderItem).min(1).max(LINES_MAX),
    ...money,
    client: z.string().optional(),
    payment: z
      .object({ token: z.string().min(1).max(256) })
      .optional()
      .meta(STAYS_INSIDE),
    customerId: z.string().optional(),
  })
  .refine(isTotalOfCurrency, HAS_TOO_MANY_DECIMALS)

const decided = { orderId: orderIdField, items: z.array(orderItem).max(LINES_MAX), ...money }

export const orderConfirmedSchema = z.object(decided).refine(isTotalOfCurrency, HAS_TOO_MANY_DECIMALS)

/** No items: the order is unknown (`unknown_order`), so every reservation for it is released. */
export const orderRejectedSchema = z
  .object({ ...decided, reason, client: z.string().optional().meta(STAYS_INSIDE) })
  .refine(isTotalOfCurrency, HAS_TOO_MANY_DECIMALS)

export const orderCancelledSchema = orderRejectedSchema

export const orderSettledSchema = z.object({
  orderId: orderIdField,
  status: z.enum(['confirmed', 'rejected', 'cancelled']),
})

/** Orders that leave their partition together. */
const ORDERS_ARCHIVED_MAX = 200

/**
 * These orders have left their partition for the archive, all together from one partition. `before`: every fact of each
 * of them is older. The subject is the first of the orders, so it leads to their partition.
 */
export const ordersArchivedSchema = z.object({
  orderIds: z.array(orderIdField).min(1).max(ORDERS_ARCHIVED_MAX),
  before: timestampField,
})

/** `OrderPlaced` as older producers send it: plain JSON, without envelope, currency or prices. */
export const orderPlacedVersion1Schema = z.object({
  eventType: z.literal('OrderPlaced'),
  orderId: placedOrderIdField,
  items: z
    .array(z.object({ productId: productIdField, quantity: quantityField }))
    .min(1)
    .max(LINES_MAX),
  totalAmount: amountField,
  timestamp: timestampField,
})

export type OrderPlacedVersion1 = z.infer<typeof orderPlacedVersion1Schema>
