import type { Context } from 'hono'
import type { WaitingRoom } from '../../../src/messaging/waiting-room.ts'
import { takeSeat } from '../../../src/order/live-room.ts'
import { SHED } from '../../../src/order/live-stream.ts'
import type { OrderView } from '../../../src/order/order-view.ts'
import { limitKeyOf } from '../edge/rate-limits.ts'
import type { OrderRoutesEnv } from '../variables.ts'

const WAIT_SECONDS_MAX = 30

/** The order once it is decided, or when the time is up. Undefined where the wait has to make room for another call. */
export const untilDecided = async (
  c: Context<OrderRoutesEnv>,
  room: WaitingRoom,
  orderId: string,
  withinMs: number,
): Promise<OrderView | undefined> => {
  if (c.var.placementLimit.sheds('waits')) return undefined
  const seat = takeSeat({ room, bearer: limitKeyOf(c), orderId, limits: c.var.settings.waits })
  try {
    const decided = c.var.orderPartitions.of(orderId)?.decided(orderId, c.var.caller, withinMs)
    const first = await Promise.race([seat.shed, decided])
    return first === SHED ? undefined : first
  } finally {
    seat.leave()
  }
}

/** `Prefer: wait=10` (RFC 7240). A preference that cannot be understood is ignored. */
export const preferredWaitSeconds = (prefer: string | undefined): number | undefined => {
  const seconds = Number(/(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?/i.exec(prefer ?? '')?.[1])
  return seconds >= 1 ? Math.min(seconds, WAIT_SECONDS_MAX) : undefined
}
