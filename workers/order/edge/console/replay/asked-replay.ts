import { replayEvents, type WantedReplayBody } from '../../../../../src/contracts/http/replays.ts'
import { REPLAYABLE } from '../../../../../src/contracts/replay.ts'
import type { Service } from '../../../../../src/contracts/topology.ts'
import { success } from '../../../../../src/kernel/result.ts'
import type { Action } from '../actions.ts'
import { chosen, timestampOf } from '../view.ts'

/** The fields of the form that say what is sent again. */
export const REPLAY_FIELDS = ['what', 'orderId', 'placedAfter', 'placedBefore']

/** A service gets all its events, or those of one type: `payment`, `payment:OrderConfirmed`. */
export const REPLAY_CHOICES = Object.entries(REPLAYABLE).flatMap(([to, types]) => [
  { value: to, text: `${to}: all that it gets` },
  ...types.map((type) => ({ value: `${to}:${type}`, text: `${to}: ${type}` })),
])

/** Orders of one click. A consumer handles their events in about a second. */
const ORDERS_A_CLICK = 100

type Asked = Readonly<Record<string, string>>

/** Undefined until the operator has named an order or a time. What the API does not take, the API refuses. */
export const replayAsked = (asked: Asked): WantedReplayBody | undefined => {
  const { what = 'operations', orderId, placedAfter, placedBefore } = asked
  if (orderId === undefined && placedAfter === undefined) return undefined
  const [to = '', type] = what.split(':')
  const time = {
    ...(placedAfter !== undefined && { placedAfter: timestampOf(placedAfter) }),
    ...(placedBefore !== undefined && { placedBefore: timestampOf(placedBefore) }),
  }
  return {
    to: to as Service,
    ...(type !== undefined && { types: [type] as WantedReplayBody['types'] }),
    ...(orderId === undefined ? { ...time, limit: ORDERS_A_CLICK } : { ...time, orderIds: [orderId] }),
  }
}

/** Sends the events of the next orders. With the next click it goes on after them. */
export const replayPortion: Action = async (api, _param, form) => {
  const asked = chosen(form, REPLAY_FIELDS)
  const { reason, cursor } = chosen(form, ['reason', 'cursor'])
  const body = { ...replayAsked(asked), ...(reason && { reason }), ...(cursor && { cursor }) }
  const sent = await api.post(replayEvents, '/replays', body, form.get('attempt') ?? crypto.randomUUID())
  if (!sent.ok) return sent
  const { events, orders, nextCursor } = sent.value
  const done = { done: 'sent', events: String(events), orders: String(orders) }
  const rest = nextCursor === undefined ? {} : { cursor: nextCursor }
  return success(`/console/replays?${new URLSearchParams({ ...asked, ...done, ...rest })}`)
}
