import type { Context } from 'hono'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { respondOnce } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { listPauses, pauseOrders, resumeOrders } from '../../../src/contracts/http/pauses.ts'
import { ALL_PRODUCTS, PAUSES_MAX } from '../../../src/order/pause.ts'
import { createCatalogue } from '../catalogue.ts'
import { deletePause, findPause, findPauses, hasAllPauses, storePause, viewPause } from '../pauses.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** Pauses of new orders: `createCatalogue` brings them to the placement of each order. */
export const pauseRoutes = () => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, listPauses, async (c) => {
    const page = askedPage('pauses', c.req.valid('query'))
    if (!page.ok) return badCursor(c, page.reason)
    return c.json(await findPauses(c.env.ORDERS_DB, page.value), 200)
  })

  serve(app, pauseOrders, (c) =>
    respondOnce<typeof pauseOrders>(c, requesterOf(c), async () => {
      const { productId = ALL_PRODUCTS, reason } = c.req.valid('json')
      const refused = productId === ALL_PRODUCTS ? undefined : await refusalOf(c, productId)
      if (refused !== undefined) return refused
      const pause = { productId, reason, client: c.var.caller.client, at: Date.now() }
      return { status: 200, body: viewPause(pause), statements: [storePause(c.env.ORDERS_DB, pause)] }
    }),
  )

  serve(app, resumeOrders, (c) =>
    respondOnce<typeof resumeOrders>(c, requesterOf(c), async () => {
      const { productId } = c.req.valid('json') ?? {}
      const id = productId ?? ALL_PRODUCTS
      const wasPaused = (await findPause(c.env.ORDERS_DB, id)) !== null
      const body = { ...(productId !== undefined && { productId }), wasPaused }
      return { status: 200, body, statements: [deletePause(c.env.ORDERS_DB, id)] }
    }),
  )

  return app
}

const requesterOf = (c: Context<OrderRoutesEnv>) => ({
  client: c.var.caller.client,
  database: c.env.ORDERS_DB,
})

/** A pause of an id that no order can have would pause nothing. */
const refusalOf = async (c: Context<OrderRoutesEnv>, productId: string) => {
  const known = await createCatalogue(Date.now).find(c.env.ORDERS_DB, [productId])
  if (!known.has(productId)) {
    return problem(c, 'product_not_found', { detail: `The catalogue has no product ${productId}.` })
  }
  const isRepeated = (await findPause(c.env.ORDERS_DB, productId)) !== null
  if (isRepeated || !(await hasAllPauses(c.env.ORDERS_DB))) return undefined
  return problem(c, 'pause_limit_reached', {
    detail: `${PAUSES_MAX - 1} products are paused already. Resume one of them, or pause all orders.`,
  })
}
