import type { CallerBinding, CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { Gateway } from '../../src/payment/gateways.ts'
import type { PaymentPartitions } from './payment-partitions.ts'

/** What the routes of the payment Worker read from their context. */
export type PaymentRoutesEnv = {
  Bindings: PaymentEnv & CallerBinding
  Variables: TraceVariables & CallerVariables & { paymentPartitions: PaymentPartitions; gateway: Gateway }
}
