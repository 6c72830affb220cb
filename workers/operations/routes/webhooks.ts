import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import {
  changeWebhook,
  getWebhook,
  listWebhooks,
  registerWebhook,
  removeWebhook,
  rotateWebhookSecret,
} from '../../../src/contracts/http/webhooks.ts'
import { toPage } from '../../../src/contracts/paging.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import {
  changeAndWait,
  registerAndWait,
} from '../../../src/operations/partition/acknowledged-registration.ts'
import { missingScope } from '../../../src/operations/webhook.ts'
import type { OperationsRoutesEnv } from '../variables.ts'
import type { AddressCheckFor } from '../webhooks/address-checks.ts'
import { newId } from '../webhooks/new-webhook-id.ts'
import { secretWarnings } from '../webhooks/sealed-webhook-secrets.ts'
import type { AddressFault } from '../webhooks/webhook-address.ts'
import { webhookObject } from '../webhooks/webhook-binding.ts'

/** As long as the hash that it is used with. */
const SECRET_BYTES = 32

export const webhookRoutes = (log: Log, addressCheckFor: AddressCheckFor) => {
  const app = createApp<OperationsRoutesEnv>(log)
  serveReads(app)
  const checkUrl = (c: Context<OperationsRoutesEnv>, url: string) => addressCheckFor(c.var.settings)(url)

  serve(app, registerWebhook, async (c) => {
    const { caller } = c.var
    const { url, types, secret = newSecret() } = c.req.valid('json')
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const scope = missingScope(caller, types)
    if (scope !== undefined) return lacks(c, scope)
    const address = await checkUrl(c, url)
    if (!address.ok) return badUrl(c, address.reason)
    const about = { webhookId: newId('wh'), secret, url: address.value, types }
    const wanted = { ...about, caller, request: request.value }
    const registered = await registerAndWait(webhookObject(c.env), wanted)
    if (!registered.ok) {
      const { reason } = registered
      if (reason.code === 'misconfigured') return lacksKey(c)
      return reason.code === 'rate_limited' ? tooManyKeys(c, reason) : problem(c, reason.code)
    }
    const { status, view, isReplay } = registered.value
    return c.json(view, status, replayed(isReplay))
  })

  serve(app, changeWebhook, async (c) => {
    const { id } = c.req.valid('param')
    const { url, ...changes } = c.req.valid('json')
    const address = url === undefined ? undefined : await checkUrl(c, url)
    if (address?.ok === false) return badUrl(c, address.reason)
    const about = { webhookId: id, caller: c.var.caller, url: address?.value }
    const changed = await changeAndWait(webhookObject(c.env), { ...about, ...changes })
    if (!changed.ok && changed.reason.code === 'forbidden') return lacks(c, changed.reason.scope)
    if (!changed.ok) return webhookNotFound(c, id)
    return c.json(changed.value.view, changed.value.status)
  })

  serve(app, removeWebhook, async (c) => {
    const { id } = c.req.valid('param')
    const wasThere = await webhookObject(c.env).remove(id, c.var.caller)
    return wasThere ? c.body(null, 204) : webhookNotFound(c, id)
  })

  serve(app, rotateWebhookSecret, async (c) => {
    const { id } = c.req.valid('param')
    const { caller } = c.var
    const { secret = newSecret(), overlapSeconds } = c.req.valid('json')
    const request = await keyedRequest(c, caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const about = { webhookId: id, secret, overlapMs: overlapSeconds * 1_000 }
    const rotated = await webhookObject(c.env).rotate({ ...about, caller, request: request.value })
    if (rotated.ok) return c.json(rotated.value.view, 200, replayed(rotated.value.isReplay))
    if (rotated.reason.code === 'rate_limited') return tooManyKeys(c, rotated.reason)
    if (rotated.reason.code === 'forbidden') return lacks(c, rotated.reason.scope)
    if (rotated.reason.code === 'misconfigured') return lacksKey(c)
    return rotated.reason.code === 'webhook_not_found'
      ? webhookNotFound(c, id)
      : problem(c, rotated.reason.code)
  })

  return app
}

const serveReads = (app: ReturnType<typeof createApp<OperationsRoutesEnv>>): void => {
  serve(app, listWebhooks, async (c) => {
    const page = askedPage('webhooks', c.req.valid('query'))
    if (!page.ok) return badCursor(c, page.reason)
    const [after] = page.value.after ?? ['']
    const list = c.req.valid('query').health === 'failing' ? 'failingWebhooks' : 'webhooks'
    const webhooks = await webhookObject(c.env)[list](c.var.caller, after, page.value.limit + 1)
    return c.json(toPage(webhooks, page.value, { item: (each) => each, position: ({ id }) => [id, ''] }), 200)
  })

  serve(app, getWebhook, async (c) => {
    const { id } = c.req.valid('param')
    const webhook = await webhookObject(c.env).webhook(id, c.var.caller)
    return webhook === undefined ? webhookNotFound(c, id) : c.json(webhook, 200)
  })
}

/** A transient failure is no fault of the request: the same request is accepted later. */
const badUrl = (c: Context, { kind, detail: message }: AddressFault) => {
  const detail = `/url ${message}`
  if (kind !== 'refused') return problem(c, 'unavailable', { detail: `${detail}. Try again.` })
  return problem(c, 'validation_failed', { detail, errors: [{ path: '/url', message }] })
}

const lacks = (c: Context, scope: string) =>
  problem(c, 'forbidden', { detail: `These events need a key with the scope ${scope}.` })

/** Refused, because a secret is never stored in plain text. */
const lacksKey = (c: Context<OperationsRoutesEnv>) =>
  problem(c, 'misconfigured', { detail: secretWarnings(c.env).join(' ') })

export const webhookNotFound = (c: Context, id: string) =>
  problem(c, 'webhook_not_found', { detail: `There is no webhook ${id}.` })

const newSecret = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}
