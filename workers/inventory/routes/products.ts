import { createRoute, z } from '@hono/zod-openapi'
import { createApp, jsonAnswer, jsonBody } from '../../../src/cloudflare/http/app.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import {
  listSchema,
  productIdParam,
  productSchema,
  putProductSchema,
} from '../../../src/contracts/http/inventory.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { InventoryRoutesEnv } from '../app.ts'
import { findProducts, viewProduct } from '../ledger.ts'

const putRoute = createRoute({
  method: 'put',
  path: '/products/{productId}',
  request: { params: productIdParam, body: jsonBody(putProductSchema, true) },
  responses: {
    200: jsonAnswer(productSchema, 'The product as it is now'),
    201: jsonAnswer(productSchema, 'The new product'),
  },
})

const getRoute = createRoute({
  method: 'get',
  path: '/products/{productId}',
  request: { params: z.object({ productId: z.string() }) },
  responses: { 200: jsonAnswer(productSchema, 'The product') },
})

const listRoute = createRoute({
  method: 'get',
  path: '/products',
  request: { query: listSchema },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(productSchema), nextCursor: z.string().optional() }),
      'The catalogue',
    ),
  },
})

export const productRoutes = (log: Log) => {
  const app = createApp<InventoryRoutesEnv>(log)

  app.openapi(putRoute, async (c) => {
    const { productId } = c.req.valid('param')
    const { name, unitPrice, currency } = c.req.valid('json')
    const unitPriceMinor = toMinor(unitPrice, currency) ?? 0
    const wanted = { productId, name, unitPriceMinor, currency }
    const { product, isNew } = await c.var.stock.partitionOf(productId).putProduct(wanted)
    return c.json(viewProduct(product), isNew ? 201 : 200)
  })

  app.openapi(getRoute, async (c) => {
    const { productId } = c.req.valid('param')
    const product = await c.var.stock.partitionOf(productId).product(productId)
    if (product === undefined) {
      return problem(c, 'product_not_found', {
        detail: `The catalogue has no product ${productId}.`,
      }) as never
    }
    return c.json(viewProduct(product), 200)
  })

  app.openapi(listRoute, async (c) =>
    c.json(await findProducts(c.env.INVENTORY_DB, c.req.valid('query')), 200),
  )

  return app
}
