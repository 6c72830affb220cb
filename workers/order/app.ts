import type { OpenAPIHono } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { faults } from '#faults'
import { createApp } from '../../src/cloudflare/http/app.ts'
import { requestToForward } from '../../src/cloudflare/http/caller.ts'
import { exportSpan } from '../../src/cloudflare/http/export-span.ts'
import { requireJson } from '../../src/cloudflare/http/json-body.ts'
import { requireKnownQuery } from '../../src/cloudflare/http/known-query.ts'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { requireTextQuery } from '../../src/cloudflare/http/query-text.ts'
import { drainUnreadBody } from '../../src/cloudflare/http/read-body.ts'
import { securityHeaders } from '../../src/cloudflare/http/security-headers.ts'
import { trace } from '../../src/cloudflare/http/trace.ts'
import { oncePerEnv } from '../../src/cloudflare/once-per-env.ts'
import { createSettingCheck, type SettingCheck } from '../../src/cloudflare/witness.ts'
import { API } from '../../src/contracts/http/api.ts'
import { getFaults, sendPoison, setFaults, setOutage } from '../../src/contracts/http/drills.ts'
import { createKey } from '../../src/contracts/http/keys.ts'
import { hasQuery, isOpenToReadTokens, mediaTypesOf, namesOrder } from '../../src/contracts/http/operation.ts'
import { changeWebhook, registerWebhook, rotateWebhookSecret } from '../../src/contracts/http/webhooks.ts'
import { success } from '../../src/kernel/result.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { createLiveRooms } from '../../src/order/live-room.ts'
import type { Catalogue } from './catalogue.ts'
import { auditCall } from './edge/audit-log/audit-calls.ts'
import { AUDITED } from './edge/audit-log/audited-calls.ts'
import { authenticate, requireGoodKey, requireScope } from './edge/authenticate.ts'
import type { Console } from './edge/console/console.tsx'
import { fairCalls } from './edge/fair-calls.ts'
import { absenceOf, callInnerWorker, INNER_WORKERS, requireInnerWorkers } from './edge/inner-workers.ts'
import { limitKeylessRequests } from './edge/keyless-request-limit.ts'
import type { KeyRing } from './edge/keys/key-ring.ts'
import { resolvedUrl, resolveOrderId } from './edge/order-id-resolution.ts'
import { limitRate } from './edge/rate-limits.ts'
import { createReadTokens, readTokenKeysOf } from './edge/read-token.ts'
import { admitReadToken, allowOrigins, exceptReadToken } from './edge/read-token-access.ts'
import { auditRoutes } from './edge/routes/audit.ts'
import { documentRoutes } from './edge/routes/documents.ts'
import { gatewayEventRoutes } from './edge/routes/gateway-events.ts'
import { keyRoutes } from './edge/routes/keys.ts'
import { metricsRoutes } from './edge/routes/metrics.ts'
import { orderStoryRoutes } from './edge/routes/order-story.ts'
import { shedLoad } from './edge/shed-load.ts'
import { spreadFaults } from './edge/spread-faults.ts'
import { streamPermission } from './edge/stream-permission.ts'
import { openOrderPartitions } from './order-partitions.ts'
import { customerRoutes } from './routes/customers.ts'
import { eventRoutes } from './routes/events.ts'
import { feedRoutes } from './routes/feed.ts'
import { feedConsumerRoutes } from './routes/feed-consumers.ts'
import { healthRoutes } from './routes/health.ts'
import { listRoutes } from './routes/lists.ts'
import { orderEventRoutes } from './routes/order-events.ts'
import { orderTraceRoutes } from './routes/order-trace.ts'
import { orderRoutes } from './routes/orders.ts'
import { pauseRoutes } from './routes/pauses.ts'
import { placeOrderRoutes } from './routes/place-order.ts'
import { replayRoutes } from './routes/replays.ts'
import { readOrderSettings } from './settings.ts'
import type { OrderRoutesEnv } from './variables.ts'

/** The system's one public endpoint. It serves orders itself and forwards the other calls to their inner Workers. */
export const createOrderApp = (catalogue: Catalogue, keyRing: KeyRing, log: Log) => {
  const app = createApp<OrderRoutesEnv>(log)
  app.use(securityHeaders, trace, exportSpan('edge-orders'), drainUnreadBody)
  serveKeylessCalls(app, keyRing, log)
  app.use(configure())
  serveConsole(app, keyRing, log)
  admitCallers(app, keyRing, log)
  checkRequests(app)
  for (const { route } of LASTING_CALLS) {
    app.on(route.method, route.getRoutingPath(), requireGoodKey(keyRing, log))
  }
  for (const { route } of DRILLS) app.on(route.method, route.getRoutingPath(), requireDemo)
  preparePartitionCalls(app, log)
  logActions(app, log)
  const rooms = createLiveRooms()
  app.route('/', placeOrderRoutes(catalogue, rooms.waits))
  app.route('/', orderRoutes())
  app.route('/', keyRoutes(keyRing))
  app.route('/', listRoutes(log))
  app.route('/', pauseRoutes())
  app.route('/', replayRoutes(log))
  app.route('/', customerRoutes(log))
  app.route('/', feedRoutes(rooms.waits))
  app.route('/', feedConsumerRoutes(log))
  app.route('/', metricsRoutes())
  app.route('/', auditRoutes(log))
  app.route('/', eventRoutes(catalogue))
  app.route('/', orderTraceRoutes())
  app.route('/', orderStoryRoutes(log))
  app.route('/', faults.routes(spreadFaults))
  app.route('/', orderEventRoutes({ room: rooms.streams, isAllowed: streamPermission(keyRing, log) }))
  forwardCalls(app)
  return app
}

type App = OpenAPIHono<OrderRoutesEnv>

const serveKeylessCalls = (app: App, keyRing: KeyRing, log: Log): void => {
  const limit = limitKeylessRequests(Date.now)
  for (const path of KEYLESS_PATHS) app.use(path, limit)
  app.route('/', healthRoutes(keyRing, log))
  app.use(requireInnerWorkers())
  app.route('/', documentRoutes())
  app.route('/', gatewayEventRoutes())
}

/**
 * The console's code is evaluated when an operator opens it: until then the route is all that it costs. It has no way of its
 * own to orders: it calls this app, for the caller of its session.
 */
const serveConsole = (app: App, keyRing: KeyRing, log: Log): void => {
  let loaded: Promise<Console> | undefined
  app.all('/console/*', async (c) => {
    loaded ??= import('./edge/console/console.tsx').then(({ createConsole }) =>
      createConsole({ keyRing, log, call: (request, env, ctx) => app.fetch(request, env, ctx) }),
    )
    const serve = await loaded
    return await serve(c)
  })
}

/** Admits the bearer of an order's read token, or of an API key, within the limit of requests. */
const admitCallers = (app: App, keyRing: KeyRing, log: Log): void => {
  for (const { route } of API.order.filter(isOpenToReadTokens)) {
    app.use(route.getRoutingPath(), allowOrigins)
    app.on(route.method, route.getRoutingPath(), admitReadToken)
  }
  app.use(exceptReadToken(authenticate(keyRing, log)), shedLoad(log), limitRate)
}

/** Checks what all calls have in common: the scope of the key, the query, and that the body is JSON. */
const checkRequests = (app: App): void => {
  for (const call of OPERATIONS) {
    const { route, scope } = call
    const path = route.getRoutingPath()
    app.on(route.method, path, requireScope(scope))
    if (hasQuery(route) || namesOrder(call)) app.on(route.method, path, requireTextQuery)
    app.on(route.method, path, requireKnownQuery(call), requireJson(mediaTypesOf(route)))
  }
}

/** Calls of order partitions take turns, keep to one list of partitions, and name an order by its unique id. */
const preparePartitionCalls = (app: App, log: Log): void => {
  app.use(fairCalls())
  const underOneList = keepToOneList(createSettingCheck(log))
  for (const path of PARTITION_PATHS) app.use(path, underOneList)
  for (const { route } of OPERATIONS.filter(namesOrder)) {
    app.on(route.method, route.getRoutingPath(), underOneList, resolveOrderId)
  }
}

/** What callers change is in the audit log. */
const logActions = (app: App, log: Log): void => {
  for (const audited of AUDITED) {
    const { route } = audited.call
    app.on(route.method, route.getRoutingPath(), auditCall(audited, log))
  }
}

const forwardCalls = (app: App): void => {
  for (const name of INNER_WORKERS) {
    for (const call of API[name]) {
      const { route } = call
      app.on(route.method, route.getRoutingPath(), async (c) => {
        const url = namesOrder(call) ? resolvedUrl(c, route.path) : c.req.url
        const request = await requestToForward(c, { url, traceparent: c.get('traceparent') })
        const response = await callInnerWorker(c.env, name, (worker) =>
          worker.handle(request, c.get('caller')),
        )
        return response ?? problem(c, 'misconfigured', { detail: absenceOf([name]) })
      })
    }
  }
}

/** What would harm a system with customers. */
const DRILLS = [setOutage, sendPoison, getFaults, setFaults]

const requireDemo = createMiddleware<OrderRoutesEnv>(async (c, next) =>
  c.var.settings.hasDemoCatalogue
    ? await next()
    : problem(c, 'not_found', {
        detail: 'Only a demo has drills: a system with DEMO_CATALOGUE, such as that of `npm start`.',
      }),
)

/** Calls whose effect outlives the key that made them. */
const LASTING_CALLS = [createKey, registerWebhook, changeWebhook, rotateWebhookSecret]

const OPERATIONS = Object.values(API).flat()

/** Paths that need no key, except `/healthz` and `/`, which cost next to nothing. */
const KEYLESS_PATHS = [
  ...[
    '/readyz',
    '/openapi.json',
    '/asyncapi.json',
    '/schemas/*',
    '/docs',
    '/docs/*',
    '/llms.txt',
    '/console/*',
    '/gateways/*',
  ],
]

/** Paths whose calls reach order partitions. */
const PARTITION_PATHS = [
  '/orders/*',
  '/events',
  '/lists/*',
  '/audit',
  '/replays',
  '/customers/*',
  '/feed',
  '/feed/*',
]

/** Under another list of partitions an existing order would not be found, and would be placed again. */
const keepToOneList = (checkSetting: SettingCheck) =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const partitions = await c.get('openPartitions')()
    await partitions.check(checkSetting)
    c.set('orderPartitions', partitions)
    return await next()
  })

/** Without its configuration the Worker serves no call, and each response names what is missing. */
const configure = () => {
  const deploymentOf = oncePerEnv(readDeployment)
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const deployment = deploymentOf(c.env)
    if (!deployment.ok) return problem(c, 'misconfigured', { detail: deployment.reason.join('; ') })
    c.set('settings', deployment.value.settings)
    c.set('openPartitions', deployment.value.openPartitions)
    c.set('readTokens', deployment.value.readTokens)
    return await next()
  })
}

const readDeployment = (env: OrderEnv) => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return settings
  return success({
    settings: settings.value,
    openPartitions: openOrderPartitions(env.ORDERS, settings.value.partitions),
    readTokens: createReadTokens(readTokenKeysOf(env, settings.value)),
  })
}
