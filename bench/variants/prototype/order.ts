import { Hono } from 'hono'
import { z } from 'zod'
import { BENCH_KEY } from '../bench-key.ts'
import { priceOf } from './catalogue.ts'
import { eventsIn, groupedBy, type Report } from './events.ts'
import { createGathering } from './gathering.ts'
import { createOrderId } from './ids.ts'
import type { OrderEnv, Placement } from './order-object.ts'
import type { viewOf } from './saga.ts'

export { OrderObject } from './order-object.ts'

const ID = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
/** An order of this prototype has one line. */
const orderSchema = z.strictObject({
  items: z.tuple([z.strictObject({ productId: ID, quantity: z.int().min(1).max(10_000) })]),
  payment: z.strictObject({ token: z.string().min(1).max(255) }),
})
const productSchema = z.strictObject({ quantity: z.int().min(0), unitPrice: z.number().min(0) })

type Body = z.infer<typeof orderSchema>
type View = ReturnType<typeof viewOf>

const ALL_ORDERS = 'orders'
const gathered = createGathering<Placement, View>()

const objectOf = ({ ORDERS, FEATURES }: OrderEnv, orderId: string) =>
  ORDERS.getByName(FEATURES.partitions ? ALL_ORDERS : orderId)

const stockOf = ({ STOCK, FEATURES }: OrderEnv, productId: string) =>
  STOCK.getByName(FEATURES.partitions ? 'stock' : productId)

const place = async ({ items: [line], payment }: Body, env: OrderEnv): Promise<Response> => {
  const unitPrice = await priceOf(env.ORDERS_DB, line.productId, env.FEATURES)
  if (unitPrice === undefined) return Response.json({ title: 'There is no such product.' }, { status: 422 })
  const orderId = createOrderId(Date.now())
  const placement: Placement = {
    orderId,
    ...line,
    amount: unitPrice * line.quantity,
    token: payment.token,
  }
  const call = (placements: Placement[]) => objectOf(env, orderId).place(placements)
  const view = env.FEATURES.gathered ? await gathered(placement, call) : (await call([placement]))[0]
  return Response.json(view, { status: 202, headers: { location: `/orders/${orderId}` } })
}

const orderView = async (orderId: string, env: OrderEnv): Promise<Response> => {
  const view = await objectOf(env, orderId).view(orderId)
  return view === undefined ? new Response(null, { status: 404 }) : Response.json(view)
}

const putProduct = async (
  productId: string,
  { quantity, unitPrice }: z.infer<typeof productSchema>,
  env: OrderEnv,
): Promise<Response> => {
  await env.ORDERS_DB.prepare('INSERT OR REPLACE INTO products (product_id, unit_price) VALUES (?, ?)')
    .bind(productId, unitPrice)
    .run()
  await stockOf(env, productId).receive(productId, quantity)
  return Response.json({ productId, quantity, unitPrice })
}

const level = async (productId: string, env: OrderEnv): Promise<Response> =>
  Response.json(await stockOf(env, productId).level(productId))

type Routes = { Bindings: OrderEnv }

const app = new Hono<Routes>()
app.use(async (context, next) => {
  if (context.req.header('authorization') !== `Bearer ${BENCH_KEY}`) return context.body(null, 401)
  return await next()
})
app.post('/orders', async (context) => {
  const body = orderSchema.safeParse(await context.req.json())
  if (!body.success) return context.json({ title: z.prettifyError(body.error) }, 400)
  return await place(body.data, context.env)
})
app.get('/orders/:id', async (context) => await orderView(context.req.param('id'), context.env))
app.put('/products/:id', async (context) => {
  const body = productSchema.safeParse(await context.req.json())
  if (!body.success) return context.json({ title: z.prettifyError(body.error) }, 400)
  return await putProduct(context.req.param('id'), body.data, context.env)
})
app.get('/inventory/:id', async (context) => await level(context.req.param('id'), context.env))

/** The same routes with no check at all. */
const unchecked = async (request: Request, env: OrderEnv): Promise<Response> => {
  const [, resource, id = ''] = new URL(request.url).pathname.split('/')
  if (request.method === 'POST') return await place(await request.json(), env)
  if (request.method === 'PUT') return await putProduct(id, await request.json(), env)
  return await (resource === 'orders' ? orderView(id, env) : level(id, env))
}

export default {
  fetch: async (request, env) =>
    env.FEATURES.checks ? await app.fetch(request, env) : await unchecked(request, env),

  /** The order inbox: reports of the legs. */
  queue: async (batch, env) => {
    const objectName = env.FEATURES.partitions ? () => ALL_ORDERS : ({ orderId }: Report) => orderId
    const groups = groupedBy(eventsIn<Report>(batch), objectName)
    await Promise.all(groups.map(async ([name, reports]) => await env.ORDERS.getByName(name).apply(reports)))
  },
} satisfies ExportedHandler<OrderEnv>
