import type { CallerBinding, CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { Stock } from './stock-partitions.ts'

/** What every route of the inventory Worker has at hand. */
export type InventoryRoutesEnv = {
  Bindings: InventoryEnv & CallerBinding
  Variables: TraceVariables & CallerVariables & { stock: Stock }
}
