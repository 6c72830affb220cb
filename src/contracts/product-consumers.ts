import { z } from 'zod'

/** Where a reader of the product feed can begin: with all products, or with what changes from now on. */
export type ProductStart = 'oldest' | 'now'

export const productCursorSchema = z.string()

/** The lag of one consumer. Refused: its cursor is of another deployment, or from before the feed was switched off. */
const productLagSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.object({ events: z.number(), seconds: z.number() }) }),
  z.object({ ok: z.literal(false), reason: z.literal('cursor_refused') }),
])

export const productLagsSchema = z.array(productLagSchema)

export type ProductLag = z.infer<typeof productLagSchema>

/**
 * What the edge asks of the inventory Worker for the consumers of the product feed, over its binding. Only inventory knows
 * what such a cursor says. A Worker of an earlier version does not have these methods.
 */
export type ProductConsumers = {
  /** The cursor of a consumer that begins there. Switches the feed on. */
  productCursorAt(start: ProductStart): Promise<unknown>
  /** One lag for each cursor. */
  productLags(cursors: readonly string[]): Promise<unknown>
}
