import { success } from '../../../../../src/kernel/result.ts'
import type { Action } from '../actions.ts'
import type { Api } from '../api.ts'
import { pathOf } from '../view.ts'
import { type Affected, findAffected } from './affected-orders.ts'

/** Orders that one click cancels: seconds of work, and far from the calls that a request may make. */
export const CANCELLED_A_CLICK = 50
/** So many at the same time, as the command does. */
const AT_ONCE = 10

/** Every other order would be refused in the same way. */
const NO_KEY = [401, 403]

type Order = Affected['open'][number]

/**
 * Cancels the next orders of a recall, and goes on after them with the next click: the list follows two to three seconds
 * behind, so it would show the same orders once more. A copied form finds its orders cancelled, and changes nothing.
 */
export const cancelRecalled: Action = async (api, _param, form) => {
  const [productId = '', placedAfter = '', placedBefore = '', reason = '', attempt = ''] = [
    ...['productId', 'placedAfter', 'placedBefore', 'reason', 'attempt'],
  ].map((name) => form.get(name)?.trim())
  const recall = { productId, placedAfter, placedBefore }
  const after = form.get('cursor') ?? undefined
  const affected = await findAffected(api, recall, { after, openMax: CANCELLED_A_CLICK })
  if (!affected.ok) return affected
  const { open, cursor } = affected.value
  const done = { count: 0, failed: 0 }
  for (let start = 0; start < open.length; start += AT_ONCE) {
    const portion = open.slice(start, start + AT_ONCE)
    const sent = await Promise.all(portion.map((order) => cancel(api, order, { reason, attempt })))
    const refused = sent.find((each) => !each.ok && NO_KEY.includes(each.reason.status))
    if (refused !== undefined && !refused.ok) return refused
    done.count += sent.filter(({ ok }) => ok).length
    done.failed += sent.filter((each) => !each.ok && each.reason.code !== 'order_not_cancellable').length
  }
  const numbers = { count: String(done.count), failed: String(done.failed) }
  const rest = cursor === undefined ? {} : { cursor }
  return success(
    `/console/recall?${new URLSearchParams({ ...recall, done: 'cancelled', ...numbers, ...rest })}`,
  )
}

/** Different clients may have orders with the same external id. */
const cancel = (
  api: Api,
  { orderId, client }: Order,
  { reason, attempt }: Record<'reason' | 'attempt', string>,
) => {
  const of = client === undefined ? '' : `?${new URLSearchParams({ client })}`
  return api.send(`${pathOf('orders', orderId, 'cancel')}${of}`, { reason }, `${attempt}.${orderId}`)
}
