import type { Context } from 'hono'
import { answerOnce } from '../../../src/cloudflare/http/answer-once.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { createKey, listKeys, revokeKey as revokeKeyCall } from '../../../src/contracts/http/keys.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { hashApiKey, newApiKey } from '../keys/api-key.ts'
import { type Deed, findKeys, insertKey, revokeKey } from '../keys/key-list.ts'
import { keyMarkOf } from '../keys/key-mark.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { OrderRoutesEnv } from '../variables.ts'

export const keyRoutes = (keyRing: KeyRing, log: Log) => {
  const app = createApp<OrderRoutesEnv>(log)

  app.openapi(createKey.route, (c) => {
    const by = c.var.caller.client
    return answerOnce(c, { client: by, database: c.env.ORDERS_DB }, async () => {
      const { client, scopes, bounds } = c.req.valid('json')
      const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
      const { id, key, isMarked } = await newApiKey(Date.now(), random, keyMarkOf(c.env))
      const shown = { id, client, scopes: [...new Set(scopes)], ...(bounds !== undefined && { bounds }) }
      const kept = { ...shown, hash: await hashApiKey(key), isMarked }
      const statements = [insertKey(c.env.ORDERS_DB, kept, deedOf(c))]
      return { status: 201, body: { ...shown, key }, repeatedBody: shown, statements }
    })
  })

  app.openapi(listKeys.route, async (c) => {
    const page = askedPage('keys', c.req.valid('query'))
    return page.ok ? c.json(await findKeys(c.env.ORDERS_DB, page.value), 200) : badCursor(c, page.reason)
  })

  app.openapi(revokeKeyCall.route, async (c) => {
    const { id } = c.req.valid('param')
    const isRevoked = await revokeKey(c.env.ORDERS_DB, id, deedOf(c))
    keyRing.forget(id)
    if (isRevoked) return c.body(null, 204)
    return problem(c, 'key_not_found', { detail: 'There is no API key with this id.' }) as never
  })

  return app
}

const deedOf = (c: Context<OrderRoutesEnv>): Deed => {
  const { client, keyId } = c.var.caller
  return { by: client, byKey: keyId, at: Date.now() }
}
