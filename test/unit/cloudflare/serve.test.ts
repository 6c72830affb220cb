import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { jsonResponse, operation } from '../../../src/contracts/http/operation.ts'

const getTea = operation({
  scope: 'orders:read',
  problems: ['order_not_found'],
  route: createRoute({
    method: 'get',
    path: '/tea',
    responses: {
      200: jsonResponse(z.object({ cups: z.int() }), 'Tea'),
      204: { description: 'No tea' },
    },
  }),
})

const getOpenTea = operation({ ...getTea, scope: 'open' })

const app = () => new OpenAPIHono()

it('serves what an operation lists: its problems, and those of every call that needs a key', async () => {
  const tea = app()
  serve(tea, getTea, (c) => problem(c, 'order_not_found'))
  const response = await tea.request('/tea')
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'order_not_found' })
  serve(app(), getTea, (c) => problem(c, 'validation_failed'))
  serve(app(), getTea, (c) => c.json({ cups: 1 }, 200))
  serve(app(), getTea, (c) => c.body(null, 204))
})

it('does not compile where a handler returns what its operation does not list', () => {
  // @ts-expect-error The operation does not list this problem, which has the status of one that it lists.
  serve(app(), getTea, (c) => problem(c, 'product_not_found'))
  // @ts-expect-error One of the two is not listed.
  serve(app(), getTea, (c) => problem(c, c.req.query('id') ? 'order_not_found' : 'order_id_taken'))
  // @ts-expect-error A call that needs no key refuses none.
  serve(app(), getOpenTea, (c) => problem(c, 'unauthorized'))
  // @ts-expect-error The operation lists no such status.
  serve(app(), getTea, (c) => c.json({ cups: 1 }, 202))
  // @ts-expect-error The body is another one.
  serve(app(), getTea, (c) => c.json({ cups: 'many' }, 200))
  // @ts-expect-error A response without a type says nothing.
  serve(app(), getTea, () => new Response('tea'))
})
