import type { CallerBinding, CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { StockPartitions } from './stock-partitions.ts'

/** What the routes of the inventory Worker read from their context. */
export type InventoryRoutesEnv = {
  Bindings: InventoryEnv & CallerBinding
  Variables: TraceVariables & CallerVariables & { stockPartitions: StockPartitions }
}
