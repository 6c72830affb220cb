import type { CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { Orders } from './orders.ts'
import type { OrderSettings } from './settings.ts'

/** What every route of the order Worker has at hand. */
export type OrderRoutesEnv = {
  Bindings: OrderEnv
  Variables: TraceVariables & CallerVariables & { settings: OrderSettings; orders: Orders }
}
