import type { AuditDetails, AuditEntry } from '../../../../src/contracts/audit-entry.ts'
import { canonicalJson } from '../../../../src/kernel/canonical-json.ts'
import type { AuditedCall, Json, Params } from './audited-calls.ts'

/** A call that is being logged: its entry from before it began, and what was read of its subject then. */
export type BegunCall = {
  entry: AuditEntry
  params: Params
  request: Json
  before: AuditDetails | undefined
}

/**
 * The entry of a call that has ended. Undefined where the call did nothing: it was refused, was a repetition, or found
 * everything as it asked for it. After an error of ours the outcome stays unknown: the call may have had its effect.
 */
export const entryAfter = async (
  audited: AuditedCall,
  { entry, params, request, before: read }: BegunCall,
  response: Response,
): Promise<AuditEntry | undefined> => {
  const wasRefused = response.status >= 400 && response.status < 500
  if (wasRefused || response.headers.get('idempotency-replayed') === 'true') return undefined
  if (!response.ok) return { ...entry, ...(read !== undefined && { before: read }) }
  const body = await jsonOf(response)
  const before = read ?? audited.beforeOf?.(body, request)
  const after = audited.after?.(body, request)
  if (audited.mayChangeNothing && canonicalJson(after) === canonicalJson(before)) return undefined
  const { after: _asked, ...begun } = entry
  return {
    ...{ ...begun, subject: audited.subject(params, body), outcome: 'done' },
    ...(before !== undefined && { before }),
    ...(after !== undefined && Object.keys(after).length > 0 && { after }),
  }
}

const jsonOf = async (response: Response): Promise<Json> => {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return isJson ? ((await response.clone().json()) as Json) : {}
}
