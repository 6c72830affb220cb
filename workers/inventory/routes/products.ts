import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { getProduct, listProducts, putProduct } from '../../../src/contracts/http/inventory.ts'
import { toMinor } from '../../../src/kernel/money.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findProducts, viewProduct } from '../ledger.ts'
import type { InventoryRoutesEnv } from '../variables.ts'

export const productRoutes = (log: Log) => {
  const app = createApp<InventoryRoutesEnv>(log)

  serve(app, putProduct, async (c) => {
    const { productId } = c.req.valid('param')
    const { name, unitPrice, currency } = c.req.valid('json')
    const unitPriceMinor = toMinor(unitPrice, currency) ?? 0
    const wanted = { productId, name, unitPriceMinor, currency }
    const { product, isNew } = await c.var.stockPartitions.of(productId).putProduct(wanted, c.var.traceparent)
    return c.json(viewProduct(product), isNew ? 201 : 200)
  })

  serve(app, getProduct, async (c) => {
    const { productId } = c.req.valid('param')
    const product = await c.var.stockPartitions.of(productId).product(productId)
    if (product === undefined) {
      return problem(c, 'product_not_found', {
        detail: `The catalogue has no product ${productId}.`,
      })
    }
    return c.json(viewProduct(product), 200)
  })

  serve(app, listProducts, async (c) => {
    const page = askedPage('products', c.req.valid('query'))
    if (!page.ok) return badCursor(c, page.reason)
    return c.json(await findProducts(c.env.INVENTORY_DB, page.value), 200)
  })

  return app
}
