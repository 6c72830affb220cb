import type { CallerBinding, CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { PartitionCounts } from '../../src/kernel/partitions.ts'
import type { Payments } from './payment-partitions.ts'

/** What every route of the payment Worker has at hand. */
export type PaymentRoutesEnv = {
  Bindings: PaymentEnv & CallerBinding
  Variables: TraceVariables & CallerVariables & { payments: Payments; counts: PartitionCounts }
}
