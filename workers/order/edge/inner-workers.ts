import { createMiddleware } from 'hono/factory'
import type { InnerWorker } from '../../../src/cloudflare/http/inner-worker.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import type { StoryQuestion } from '../../../src/contracts/order-story.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** The inner Workers that serve a part of the API, and the bindings that lead to them. */
const BINDINGS = { inventory: 'INVENTORY', payment: 'PAYMENT', operations: 'OPERATIONS' } as const

export type InnerWorkerName = keyof typeof BINDINGS

export const INNER_WORKERS: readonly InnerWorkerName[] = ['inventory', 'payment', 'operations']

/** In the generated types, a binding to a named entrypoint has no methods. */
type Bindings = Partial<Pick<OrderEnv, (typeof BINDINGS)[InnerWorkerName]>>

const workerOf = (env: Bindings, name: InnerWorkerName): InnerWorker | undefined =>
  env[BINDINGS[name]] as InnerWorker | undefined

const RUN_ALL =
  'run all four Workers with `npm start`, or with `X_LOCAL_EXPLORER=false npx wrangler dev --persist-to .wrangler/state -c wrangler.toml -c workers/inventory/wrangler.toml -c workers/payment/wrangler.toml -c workers/operations/wrangler.toml`, or deploy all four with `npm run deploy`'

/** Names the missing Workers, and how to start them. */
export const absenceOf = (names: readonly InnerWorkerName[]): string =>
  names.length === 1
    ? `The ${names[0]} Worker is not connected: ${RUN_ALL}.`
    : `The Workers ${names.join(', ')} are not connected: ${RUN_ALL}.`

/** The inner Worker's response. Undefined where the Worker is not connected. */
export const callInnerWorker = async (
  env: Bindings,
  name: InnerWorkerName,
  call: (worker: InnerWorker) => Promise<Response>,
): Promise<Response | undefined> => {
  const worker = workerOf(env, name)
  if (worker === undefined) return undefined
  try {
    const response = await call(worker)
    return isStandIn(response) ? undefined : response
  } catch (error) {
    // The local server's stand-in has no methods. It throws an error that a failed Worker could throw too.
    if (await isAbsent(worker)) return undefined
    throw error
  }
}

/** What an inner Worker counts and measures. Fails where the Worker is not connected, or is of an earlier version. */
export const measureInnerWorker = async (env: Bindings, name: InnerWorkerName): Promise<unknown[]> => {
  const worker = workerOf(env, name)
  if (worker === undefined) throw new Error(absenceOf([name]))
  return await worker.measure()
}

/** An inner Worker's parts of an order's story. Fails as `measureInnerWorker` does. */
export const askInnerWorker = async (
  env: Bindings,
  name: InnerWorkerName,
  question: StoryQuestion,
): Promise<unknown> => {
  const worker = workerOf(env, name)
  if (worker === undefined) throw new Error(absenceOf([name]))
  return await worker.tell(question)
}

/** Every path does: the media type of the response decides. A Worker that fails is connected. */
const isAbsent = async (worker: InnerWorker): Promise<boolean> => {
  try {
    return isStandIn(await worker.fetch(new Request('https://worker/healthz')))
  } catch {
    return false
  }
}

/** For a Worker that does not run, the local server responds with plain text. Our Workers respond with JSON. */
const isStandIn = ({ status, headers }: Response): boolean =>
  status === 503 && !headers.get('content-type')?.includes('json')

/** Refuses every request until one inner Worker was seen: without any, no request can be served as documented. */
export const requireInnerWorkers = () => {
  let isOneConnected = false
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    isOneConnected ||= await isAnyConnected(c.env)
    return isOneConnected ? await next() : problem(c, 'misconfigured', { detail: absenceOf(INNER_WORKERS) })
  })
}

const isAnyConnected = async (env: Bindings): Promise<boolean> => {
  for (const name of INNER_WORKERS) {
    const worker = workerOf(env, name)
    if (worker !== undefined && !(await isAbsent(worker))) return true
  }
  return false
}
