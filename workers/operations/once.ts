import { type Result, refusal, success } from '../../src/kernel/result.ts'
import { type IdempotentRequest, recall, remember } from '../../src/messaging/idempotency.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'

export type Answered<View, Code extends string> = Result<
  { view: View; isReplay: boolean },
  { code: Code | 'idempotency_key_reused' }
>

/** Does the work once under its key. A secret is shown the first time only: it is not kept with the answer. */
export const once = <View extends object, Code extends string>(
  host: PartitionHost,
  request: IdempotentRequest | undefined,
  work: () => Result<View, { code: Code }>,
): Answered<View, Code> => host.turn(() => answerOnce(host, request, work))

const answerOnce = <View extends object, Code extends string>(
  host: PartitionHost,
  request: IdempotentRequest | undefined,
  work: () => Result<View, { code: Code }>,
): Answered<View, Code> => {
  const recalled = recall(host.sql, request)
  if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
  if (recalled.kind === 'replay') {
    return success({ view: JSON.parse(recalled.answer.body ?? 'null') as View, isReplay: true })
  }
  const done = work()
  if (!done.ok) return done
  const body = JSON.stringify({ ...done.value, secret: undefined })
  remember(host.sql, request, { status: 200, body, subject: '' }, host.now())
  return success({ view: done.value, isReplay: false })
}
