import { type Result, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import { type Replied, workOnceWithin } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { StoredType } from '../../messaging/stored-document.ts'
import { fromStoredView, toStoredView } from './stored-response.ts'

export type ViewReply<View, Code extends string> = Replied<{ view: View }, { code: Code } | TooMany>

type Work<View, Code extends string> = () => Result<View, { code: Code } | TooMany>

/** A partition, and how many keys a client may use in it within an hour. */
export type KeyedPorts = { host: PartitionHost; keys: HourlyAllowance }

/** `type` says how the view is stored. */
type ViewPorts<View> = KeyedPorts & { type: StoredType<View> }

/** One turn, whose reply is a view. A secret is shown the first time only: it is not stored with the view. */
export const viewOnce = <View extends object, Code extends string>(
  ports: ViewPorts<View>,
  request: IdempotentRequest | undefined,
  work: Work<View, Code>,
): ViewReply<View, Code> => ports.host.turn(() => workOnView(ports, request, work))

const workOnView = <View extends object, Code extends string>(
  { host, keys, type }: ViewPorts<View>,
  request: IdempotentRequest | undefined,
  work: Work<View, Code>,
): ViewReply<View, Code> => {
  const { sql, now } = host
  return workOnceWithin<{ view: View }, undefined, { code: Code } | TooMany>(
    { host, keys },
    {
      request,
      replay: ({ body }) => ({ view: fromStoredView(sql, type, body) }),
      admit: () => success(undefined),
      work: () => {
        const done = work()
        if (!done.ok) return done
        const body = () => toStoredView(sql, { type, view: withoutSecret(done.value) }, now())
        return success({
          reply: { view: done.value },
          toStore: () => ({ status: 200, body: body(), subject: '' }),
        })
      },
    },
  )
}

const withoutSecret = <View extends object>(view: View): View => {
  if (!('secret' in view)) return view
  const { secret: _shownOnce, ...rest } = view
  return rest as View
}
