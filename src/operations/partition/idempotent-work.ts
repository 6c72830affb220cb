import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import { type IdempotentRequest, recall, remember } from '../../messaging/idempotency.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { StoredType } from '../../messaging/stored-document.ts'
import { keepAnswer, keptAnswer } from './stored-response.ts'

export type Answered<View, Code extends string> = Result<
  { view: View; isReplay: boolean },
  { code: Code | 'idempotency_key_reused' } | TooMany
>

type Work<View, Code extends string> = () => Result<View, { code: Code } | TooMany>

/** What a keyed request is done with: the partition, and how many keys a client may use in an hour. */
export type OncePorts = { host: PartitionHost; keys: HourlyAllowance }

/** Does the work once under its key. `type` says how the view that answers is stored. A secret is shown the first time only: it is not kept with the answer. */
export const once = <View extends object, Code extends string>(
  ports: OncePorts & { type: StoredType<View> },
  request: IdempotentRequest | undefined,
  work: Work<View, Code>,
): Answered<View, Code> => ports.host.turn(() => answerOnce(ports, request, work))

const answerOnce = <View extends object, Code extends string>(
  { host, keys, type }: OncePorts & { type: StoredType<View> },
  request: IdempotentRequest | undefined,
  work: Work<View, Code>,
): Answered<View, Code> => {
  const { sql } = host
  const now = host.now()
  const recalled = recall(sql, request, now)
  if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
  if (recalled.kind === 'replay') {
    return success({ view: keptAnswer(sql, type, recalled.answer.body), isReplay: true })
  }
  const retryAfterSeconds = keys.retryAfterSeconds(request?.client)
  if (retryAfterSeconds !== undefined) return refusal({ code: 'rate_limited', retryAfterSeconds })
  const done = work()
  if (!done.ok) return done
  if (request !== undefined) {
    const body = keepAnswer(sql, { type, view: withoutSecret(done.value) }, now)
    remember(sql, request, { status: 200, body, subject: '' }, now)
    keys.count(request.client)
  }
  return success({ view: done.value, isReplay: false })
}

const withoutSecret = <View extends object>(view: View): View => {
  if (!('secret' in view)) return view
  const { secret: _shownOnce, ...rest } = view
  return rest as View
}
