/** An expected refusal is a value with a reason, not an exception. */
export type Result<Value, Reason> = { ok: true; value: Value } | { ok: false; reason: Reason }

export const success = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value })

export const refusal = <Reason>(reason: Reason): { ok: false; reason: Reason } => ({ ok: false, reason })
