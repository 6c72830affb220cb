import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { keepAlive } from '../../../../src/cloudflare/http/keep-alive.ts'
import { readBody } from '../../../../src/cloudflare/http/read-body.ts'
import type { Caller } from '../../../../src/contracts/caller.ts'
import type { Log } from '../../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { identifyKey, identifySession, type Reason } from '../authenticate.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import { ACCESS_HEADER, type AccessCheck, type AccessRefusal, createAccessCheck } from './access.ts'
import { ACTIONS, type Action } from './actions.ts'
import { type Api, type Call, createApi } from './api.ts'
import { ERASURE_ACTIONS } from './customers/erasure-actions.tsx'
import { FEED_ACTIONS } from './feed/feed-actions.ts'
import type { Form } from './form.ts'
import { PRODUCT_ACTIONS } from './inventory/product-actions.ts'
import { KEY_ACTIONS } from './keys/key-actions.tsx'
import { Page, SignIn, type Theme } from './layout.tsx'
import { auditLogPage } from './pages/audit-log.tsx'
import { customersPage } from './pages/customers.tsx'
import { deadLetterPage } from './pages/dead-letter.tsx'
import { deadLetterGroupPage } from './pages/dead-letter-group.tsx'
import { deadLettersPage } from './pages/dead-letters.tsx'
import { feedPage } from './pages/feed.tsx'
import { feedConsumerPage } from './pages/feed-consumer.tsx'
import { healthPage } from './pages/health.tsx'
import { inventoryPage } from './pages/inventory.tsx'
import { keysPage } from './pages/keys.tsx'
import { orderPage } from './pages/order.tsx'
import { ordersPage } from './pages/orders.tsx'
import { readOverview } from './pages/overview.tsx'
import { paymentsPage } from './pages/payments.tsx'
import { productPage } from './pages/product.tsx'
import { recallPage } from './pages/recall.tsx'
import { replaysPage } from './pages/replays.tsx'
import { shopPage } from './pages/shop.tsx'
import { webhookPage } from './pages/webhook.tsx'
import { webhooksPage } from './pages/webhooks.tsx'
import { ProblemCard } from './parts.tsx'
import { cancelRecalled } from './recall/recall-action.ts'
import { replayPortion } from './replay/asked-replay.ts'
import { isFromThisOrigin } from './same-origin.ts'
import { openSession, SESSION_SECONDS, sealSession } from './session.ts'
import { createSharedView } from './shared-view.ts'
import { SHOP_ACTIONS } from './shop/shop-actions.ts'
import { type PageOf, pathOf } from './view.ts'
import { WEBHOOK_ACTIONS } from './webhooks/webhook-actions.tsx'

export type Console = (c: Context<OrderRoutesEnv>) => Response | Promise<Response>

type Ports = { keyRing: KeyRing; log: Log; call: Call }

type Variables = {
  outer: Context<OrderRoutesEnv>
  /** Whom Cloudflare Access let in. Undefined where it does not stand in front of the console. */
  person: string | undefined
  caller: Caller
  api: Api
}
type ConsoleEnv = { Bindings: OrderEnv; Variables: Variables }
type ConsoleContext = Context<ConsoleEnv>

/** Scripts and styles are files of this host. No page has one inside, so injected markup runs nothing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const PAGES: Readonly<Record<string, PageOf>> = {
  '/console/orders': ordersPage,
  '/console/orders/:id': orderPage,
  '/console/customers': customersPage,
  '/console/dead-letters': deadLettersPage,
  '/console/dead-letters/group': deadLetterGroupPage,
  '/console/dead-letters/:id': deadLetterPage,
  '/console/inventory': inventoryPage,
  '/console/inventory/:id': productPage,
  '/console/payments': paymentsPage,
  '/console/webhooks': webhooksPage,
  '/console/webhooks/:id': webhookPage,
  '/console/feed': feedPage,
  '/console/feed/consumers/:id': feedConsumerPage,
  '/console/audit-log': auditLogPage,
  '/console/keys': keysPage,
  '/console/health': healthPage,
  '/console/recall': recallPage,
  '/console/replays': replaysPage,
  '/console/shop': shopPage,
}

const ALL_ACTIONS: Readonly<Record<string, Action>> = {
  ...ACTIONS,
  ...KEY_ACTIONS,
  ...WEBHOOK_ACTIONS,
  ...FEED_ACTIONS,
  ...ERASURE_ACTIONS,
  ...PRODUCT_ACTIONS,
  ...SHOP_ACTIONS,
  '/console/recall': cancelRecalled,
  '/console/replays': replayPortion,
}

/** The console, for requests that the edge has given a trace and the settings. */
export const createConsole = (ports: Ports): Console => {
  const outers = new WeakMap<Request, Context<OrderRoutesEnv>>()
  const app = new Hono<ConsoleEnv>()
  app.onError((error) => {
    throw error
  })
  app.use(async (c, next) => {
    const outer = outers.get(c.req.raw)
    if (outer !== undefined) c.set('outer', outer)
    await next()
    c.res.headers.set('content-security-policy', POLICY)
  })
  app.use(requireAccess(createAccessCheck({ now: Date.now, fetch: (...request) => fetch(...request) })))
  app.use(refuseForeignForms)
  app.get('/console/sign-in', (c) => c.html(documentOf(<SignIn theme={themeOf(c)} />)))
  app.post('/console/sign-in', (c) => signIn(c, ports))
  app.post('/console/sign-out', (c) => {
    deleteCookie(c, cookieNameOf(c), { path: '/', secure: isSecure(c) })
    return c.redirect('/console/sign-in', 303)
  })
  app.use(requireSession(ports))
  app.get('/console/orders/:id/events', (c) =>
    c.get('api').stream(pathOf('orders', c.req.param('id'), 'events'), c.req.header('last-event-id')),
  )
  const overview = createSharedView(readOverview, Date.now)
  app.get('/console', (c) => showPage(c, overview.page))
  for (const [path, page] of Object.entries(PAGES)) app.get(path, (c) => showPage(c, page))
  for (const [path, action] of Object.entries(ALL_ACTIONS)) {
    app.post(path, async (c) => {
      const form = await formOf(c.req.raw)
      if (form === undefined) return c.redirect(c.req.path, 303)
      const done = await action(c.get('api'), c.req.param() as Record<string, string>, form)
      overview.forget()
      if (done.ok) return typeof done.value === 'string' ? c.redirect(done.value, 303) : show(c, done.value)
      return show(c, {
        title: 'Nothing was changed',
        body: <ProblemCard problem={done.reason} />,
        status: done.reason.status,
      })
    })
  }
  app.notFound((c) =>
    show(c, { title: 'No such page', body: <p>There is no page at this address.</p>, status: 404 }),
  )
  return (c) => {
    outers.set(c.req.raw, c)
    return app.fetch(c.req.raw, c.env, c.executionCtx as ExecutionContext)
  }
}

const documentOf = (page: unknown): string => `<!doctype html>${String(page)}`

/** Forms change things, so each must come from a page of this host: `SameSite=Strict` is the first guard, this the second. */
const refuseForeignForms = createMiddleware<ConsoleEnv>(async (c, next) => {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (isRead || isFromThisOrigin(c.req.raw)) return await next()
  return c.text('This form was not sent by a page of this console.', 403)
})

/** Where Access is set, it comes first, for signing in too: a request that went past it reaches no page. */
const requireAccess = (check: AccessCheck) =>
  createMiddleware<ConsoleEnv>(async (c, next) => {
    const { access } = c.get('outer').get('settings')
    if (access === undefined) return await next()
    const person = await check(access, c.req.header(ACCESS_HEADER))
    if (person.ok) {
      c.set('person', person.value)
      return await next()
    }
    if (person.reason === 'unavailable') {
      return c.text('The keys of Cloudflare Access cannot be read just now. Try again.', 503, {
        'retry-after': '5',
      })
    }
    return c.text(ACCESS_REFUSALS[person.reason], 403)
  })

const ACCESS_REFUSALS: Record<Exclude<AccessRefusal, 'unavailable'>, string> = {
  no_token: 'This console is behind Cloudflare Access. Open it at the address that Access protects.',
  bad_token: 'The token of Cloudflare Access is not valid here. Sign in to Access again.',
  no_person: 'The console is for persons. A service token has no email address.',
}

const requireSession = ({ keyRing, log, call }: Ports) =>
  createMiddleware<ConsoleEnv>(async (c, next) => {
    const outer = c.get('outer')
    const cookie = getCookie(c, cookieNameOf(c))
    const session = cookie === undefined ? undefined : await openSession(c.env, cookie, Date.now())
    if (session === undefined || session.person !== c.get('person'))
      return c.redirect('/console/sign-in', 303)
    const caller = await identifySession(outer, session, { keyRing, log })
    if (!caller.ok && caller.reason === 'unauthorized') return c.redirect('/console/sign-in', 303)
    if (!caller.ok) return c.text(REFUSALS[caller.reason], 503, { 'retry-after': '5' })
    const person = c.get('person')
    const operator = { ...caller.value, ...(person !== undefined && { person }) }
    c.set('caller', operator)
    c.set('api', createApi(outer, operator, call))
    return await next()
  })

const REFUSALS: Record<Reason, string> = {
  unauthorized: 'This is no valid key.',
  tooManyGuesses: 'Too many unknown keys came from this address. Wait a minute.',
  unavailable: 'The key could not be checked just now. Try again.',
}

const signIn = async (c: ConsoleContext, { keyRing, log }: Ports): Promise<Response> => {
  const refuse = (fault: string, status: 401 | 503 = 401) =>
    c.html(documentOf(<SignIn theme={themeOf(c)} fault={fault} />), status)
  const key = (await formOf(c.req.raw))?.get('key')?.trim()
  if (key === undefined || key === '') return refuse(REFUSALS.unauthorized)
  const caller = await identifyKey(c.get('outer'), key, { keyRing, log })
  if (!caller.ok) return refuse(REFUSALS[caller.reason], caller.reason === 'unavailable' ? 503 : 401)
  const { keyId } = caller.value
  if (keyId === undefined) return refuse(REFUSALS.unauthorized)
  const person = c.get('person')
  const identity = { keyId, hash: await keyRing.hash(key), ...(person !== undefined && { person }) }
  const sealed = await sealSession(c.env, identity, Date.now())
  if (!sealed.ok)
    return refuse('STORAGE_KEY is not set, so no session can be sealed: /readyz says how to set it.', 503)
  setCookie(c, cookieNameOf(c), sealed.value, {
    ...{ path: '/', httpOnly: true, sameSite: 'Strict', maxAge: SESSION_SECONDS, secure: isSecure(c) },
  })
  return c.redirect('/console', 303)
}

const isSecure = (c: Context): boolean => new URL(c.req.url).protocol === 'https:'

/** With this prefix a browser keeps the cookie to this host, and takes it over https alone. */
const cookieNameOf = (c: Context): string => (isSecure(c) ? '__Host-console' : 'console')

const themeOf = (c: Context): Theme => {
  const theme = getCookie(c, 'console-theme')
  return theme === 'light' || theme === 'dark' ? theme : undefined
}

/** Undefined where the body is too large or too slow. */
const formOf = async (request: Request): Promise<Form | undefined> => {
  const body = await readBody(request)
  return body.ok ? new URLSearchParams(new TextDecoder().decode(body.value)) : undefined
}

const showPage = async (c: ConsoleContext, page: PageOf): Promise<Response> => {
  const view = await page({
    api: c.get('api'),
    caller: c.get('caller'),
    retentionDays: c.get('outer').get('settings').retentionDays,
    keepAlive: (work) => keepAlive(c, work),
    id: c.req.param('id') ?? '',
    query: new URL(c.req.url).searchParams,
    now: Date.now(),
  })
  return 'redirect' in view ? c.redirect(view.redirect, 303) : show(c, view)
}

type Shown = { title: string; body: Child; refresh?: number; status?: number }

const show = (c: ConsoleContext, { title, body, refresh = 0, status = 200 }: Shown) =>
  c.html(
    documentOf(
      <Page
        {...{ title, refresh, path: c.req.path, host: new URL(c.req.url).host, theme: themeOf(c) }}
        isDemo={c.get('outer').get('settings').hasDemoCatalogue}
        who={[c.get('caller').client, c.get('person')].filter(Boolean).join(' · ')}
      >
        {body}
      </Page>,
    ),
    status as ContentfulStatusCode,
  )
