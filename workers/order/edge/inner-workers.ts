import { createMiddleware } from 'hono/factory'
import type { InnerWorker } from '../../../src/cloudflare/http/inner-worker.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** The Workers that answer a part of the API themselves, and the bindings that lead to them. */
const BINDINGS = { inventory: 'INVENTORY', payment: 'PAYMENT', operations: 'OPERATIONS' } as const

export type InnerWorkerName = keyof typeof BINDINGS

export const INNER_WORKERS: readonly InnerWorkerName[] = ['inventory', 'payment', 'operations']

/** As the generated types have them, a binding to a named entrypoint has no methods. */
type Bindings = Partial<Pick<OrderEnv, (typeof BINDINGS)[InnerWorkerName]>>

const RUN_ALL =
  'run all four Workers with `npm start`, or with `X_LOCAL_EXPLORER=false npx wrangler dev --persist-to .wrangler/state -c wrangler.toml -c workers/inventory/wrangler.toml -c workers/payment/wrangler.toml -c workers/operations/wrangler.toml`, or deploy all four with `npm run deploy`'

/** What is missing, and how to get it. */
export const absenceOf = (siblings: readonly InnerWorkerName[]): string =>
  siblings.length === 1
    ? `The ${siblings[0]} Worker is not connected: ${RUN_ALL}.`
    : `The Workers ${siblings.join(', ')} are not connected: ${RUN_ALL}.`

/** A sibling's answer, or undefined where it is not connected. */
export const callInnerWorker = async (
  env: Bindings,
  sibling: InnerWorkerName,
  ask: (worker: InnerWorker) => Promise<Response>,
): Promise<Response | undefined> => {
  const worker = env[BINDINGS[sibling]] as InnerWorker | undefined
  if (worker === undefined) return undefined
  try {
    const answer = await ask(worker)
    return isStandIn(answer) ? undefined : answer
  } catch (error) {
    // The local server's stand-in has no methods: it throws what a sibling that failed might throw as well.
    if (await isAbsent(worker)) return undefined
    throw error
  }
}

/** Any path does: the answer's kind tells. A sibling that fails is there. */
const isAbsent = async (worker: InnerWorker): Promise<boolean> => {
  try {
    return isStandIn(await worker.fetch(new Request('https://worker/healthz')))
  } catch {
    return false
  }
}

/** Where a Worker does not run, the local server answers for it, in plain words. Ours answer with JSON. */
const isStandIn = ({ status, headers }: Response): boolean =>
  status === 503 && !headers.get('content-type')?.includes('json')

/** Refuses every request until one sibling was seen: without any, no request could be served as documented. */
export const requireInnerWorkers = () => {
  let isOneConnected = false
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    isOneConnected ||= await isAnyConnected(c.env)
    return isOneConnected ? await next() : problem(c, 'misconfigured', { detail: absenceOf(INNER_WORKERS) })
  })
}

const isAnyConnected = async (env: Bindings): Promise<boolean> => {
  for (const sibling of INNER_WORKERS) {
    const worker = env[BINDINGS[sibling]] as InnerWorker | undefined
    if (worker !== undefined && !(await isAbsent(worker))) return true
  }
  return false
}
