import { z } from 'zod'
import { ORDER_ID } from '../examples/orders.ts'
import { productIdField } from '../fields.ts'

/** Parts of an address. What cannot be an id is nothing that is there: 404, not 422. */
export const orderParam = z.object({
  orderId: z.string().meta({
    description: "The order's id: the unique one, or the one that its client gave it.",
    examples: [ORDER_ID],
  }),
})

const PRODUCT = { description: "The product's id.", examples: ['P001'] }

export const productParam = z.object({ productId: z.string().meta(PRODUCT) })

/** For a product that the call may make. */
export const newProductParam = z.object({ productId: productIdField.meta(PRODUCT) })
