import type { CallerBinding, CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { OperationsSettings } from './settings.ts'

/** What the routes of the operations Worker read from their context. */
export type OperationsRoutesEnv = {
  Bindings: OperationsEnv & CallerBinding
  Variables: TraceVariables & CallerVariables & { settings: OperationsSettings }
}
