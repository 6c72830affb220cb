import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import { adjustStock, getLevel, listLevels, listMovements } from '../../../src/contracts/http/inventory.ts'
import { toPage } from '../../../src/contracts/paging.ts'
import type { AdjustReply, LevelView } from '../../../src/inventory/partition/adjustment.ts'
import { available } from '../../../src/inventory/stock.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findMovements } from '../ledger.ts'
import type { InventoryRoutesEnv } from '../variables.ts'

export const stockRoutes = (log: Log) => {
  const app = createApp<InventoryRoutesEnv>(log)

  serve(app, listLevels, async (c) => {
    const page = askedPage('inventory', c.req.valid('query'))
    if (!page.ok) return badCursor(c, page.reason)
    const [after] = page.value.after ?? ['']
    const levels = await c.var.stockPartitions.levels(after, page.value.limit + 1)
    const view = { item: viewLevel, position: (level: LevelView) => [level.productId, ''] as const }
    return c.json(toPage(levels, page.value, view), 200)
  })

  serve(app, getLevel, async (c) => {
    const { productId } = c.req.valid('param')
    const product = await c.var.stockPartitions.of(productId).product(productId)
    return product === undefined ? notFound(c, productId) : c.json(viewLevel(product), 200)
  })

  serve(app, adjustStock, async (c) => {
    const { productId } = c.req.valid('param')
    const { delta, reason } = c.req.valid('json')
    const request = await keyedRequest(c, c.var.caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const adjustmentId = `adj_${newUlid()}`
    const adjusted = await c.var.stockPartitions.of(productId).adjust({
      adjustmentId,
      productId,
      delta,
      reason,
      request: request.value,
      traceparent: c.var.traceparent,
    })
    if (!adjusted.ok) return refused(c, productId, adjusted.reason)
    const { level, isReplay } = adjusted.value
    return c.json(viewLevel(level), 200, replayed(isReplay))
  })

  serve(app, listMovements, async (c) => {
    const { productId } = c.req.valid('param')
    const page = askedPage('movements', { productId, ...c.req.valid('query') })
    if (!page.ok) return badCursor(c, page.reason)
    const product = await c.var.stockPartitions.of(productId).product(productId)
    if (product === undefined) return notFound(c, productId)
    return c.json(await findMovements(c.env.INVENTORY_DB, productId, page.value), 200)
  })

  return app
}

const viewLevel = (level: LevelView) => ({
  productId: level.productId,
  onHand: level.onHand,
  reserved: level.reserved,
  available: available(level),
  updatedAt: toTimestamp(level.updatedAt),
})

const notFound = (c: Context, productId: string) =>
  problem(c, 'product_not_found', { detail: `The catalogue has no product ${productId}.` })

const refused = (c: Context, productId: string, reason: Extract<AdjustReply, { ok: false }>['reason']) => {
  if (reason.code === 'rate_limited') return tooManyKeys(c, reason)
  const { code, level } = reason
  if (code === 'product_not_found') return notFound(c, productId)
  const detail = level && `${productId} has ${level.onHand} on hand, ${level.reserved} of them reserved.`
  return problem(c, code, detail === undefined ? {} : { detail })
}
