import { z } from 'zod'
import { ORDER_ID } from '../examples/orders.ts'
import { productIdField } from '../fields.ts'

/** Parts of an address. A text that cannot be an id names nothing: the response is 404, not 422. */
export const orderParam = z.object({
  orderId: z.string().meta({
    description: "The order's id: the unique one, or the one that its client gave it.",
    examples: [ORDER_ID],
  }),
})

const PRODUCT = { description: "The product's id.", examples: ['P001'] }

export const productParam = z.object({ productId: z.string().meta(PRODUCT) })

/** For a call that may create the product. */
export const newProductParam = z.object({ productId: productIdField.meta(PRODUCT) })
