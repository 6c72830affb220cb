import type { Context } from 'hono'
import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../../src/cloudflare/http/page.ts'
import { problem } from '../../../../src/cloudflare/http/problem.ts'
import { respondOnce } from '../../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../../src/cloudflare/http/serve.ts'
import {
  createKey,
  listKeys,
  NAMED_MAX,
  type RevokedKey,
  revokeKey as revokeKeyCall,
} from '../../../../src/contracts/http/keys.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { hashApiKey, newApiKey } from '../keys/api-key.ts'
import { readFamilyIds, readSurvivors, revokeFamily } from '../keys/key-family.ts'
import { type AuditEntry, findKeys, insertKey, type KeyOfFamily, revokeKey } from '../keys/key-list.ts'
import { keyMarkOf } from '../keys/key-mark.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import { askWebhooksOfKeys } from '../keys/webhooks-of-keys.ts'

export const keyRoutes = (keyRing: KeyRing) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, createKey, (c) => {
    const by = c.var.caller.client
    return respondOnce<typeof createKey>(c, { client: by, database: c.env.ORDERS_DB }, async () => {
      const { client, scopes, bounds } = c.req.valid('json')
      const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
      const { id, key, isMarked } = await newApiKey(Date.now(), random, keyMarkOf(c.env))
      const shown = { id, client, scopes: [...new Set(scopes)], ...(bounds !== undefined && { bounds }) }
      const stored = { ...shown, hash: await hashApiKey(key), isMarked }
      const statements = [insertKey(c.env.ORDERS_DB, stored, auditEntryOf(c))]
      return { status: 201, body: { ...shown, key }, repeatedBody: shown, statements }
    })
  })

  serve(app, listKeys, async (c) => {
    const page = askedPage('keys', c.req.valid('query'))
    return page.ok ? c.json(await findKeys(c.env.ORDERS_DB, page.value), 200) : badCursor(c, page.reason)
  })

  serve(app, revokeKeyCall, async (c) => {
    const { id } = c.req.valid('param')
    const isCascade = c.req.valid('query').cascade === 'true'
    const revoked = await revoke(c, id, isCascade)
    for (const key of revoked) keyRing.forget(key.id)
    const own = revoked.find((key) => key.id === id)
    if (own === undefined) return problem(c, 'key_not_found', { detail: 'There is no API key with this id.' })
    return isCascade ? await cascaded(c, own, revoked) : await revokedAlone(c, own)
  })

  return app
}

const revoke = async (c: Context<OrderRoutesEnv>, id: string, isCascade: boolean): Promise<KeyOfFamily[]> => {
  if (isCascade) return await revokeFamily(c.env.ORDERS_DB, id, auditEntryOf(c))
  const key = await revokeKey(c.env.ORDERS_DB, id, auditEntryOf(c))
  return key === undefined ? [] : [key]
}

/** The keys are revoked, then their webhooks are disabled. The second step may fail: the same call does both again. */
const cascaded = async (c: Context<OrderRoutesEnv>, { id, client }: KeyOfFamily, revoked: KeyOfFamily[]) => {
  const keyIds = revoked.map((key) => key.id)
  const webhooks = await askWebhooksOfKeys(c.env, { keyIds, client, disable: true })
  if (webhooks === undefined) {
    return problem(c, 'unavailable', {
      detail: `${revoked.length} keys are revoked. Their webhooks could not be disabled just now: repeat the call.`,
      headers: { 'retry-after': '5' },
    })
  }
  const survivors = await readSurvivors(c.env.ORDERS_DB, id, NAMED_MAX)
  const body: RevokedKey = {
    id,
    revoked: revoked.slice(0, NAMED_MAX),
    disabled: webhooks.disabled.slice(0, NAMED_MAX),
    livesOn: { keys: survivors, webhooks: webhooks.running.slice(0, NAMED_MAX) },
  }
  return c.json(body, 200)
}

/** Names the keys and webhooks that live on. */
const revokedAlone = async (c: Context<OrderRoutesEnv>, own: KeyOfFamily) => {
  const { id, client } = own
  const keyIds = await readFamilyIds(c.env.ORDERS_DB, id)
  const [keys, webhooks] = await Promise.all([
    readSurvivors(c.env.ORDERS_DB, id, NAMED_MAX),
    askWebhooksOfKeys(c.env, { keyIds, client, disable: false }),
  ])
  if (keys.length === 0 && webhooks?.running.length === 0) return c.body(null, 204)
  const livesOn = { keys, ...(webhooks && { webhooks: webhooks.running.slice(0, NAMED_MAX) }) }
  return c.json({ id, revoked: [own], disabled: [], livesOn } satisfies RevokedKey, 200)
}

const auditEntryOf = (c: Context<OrderRoutesEnv>): AuditEntry => {
  const { client, keyId } = c.var.caller
  return { by: client, byKey: keyId, at: Date.now() }
}
