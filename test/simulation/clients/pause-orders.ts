import { deletePause, storePause } from '../../../workers/order/pauses.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import { type ClientPorts, SHOP } from './client-ports.ts'
import { type KnownPause, nameOf } from './known-pauses.ts'
import { IDEMPOTENT } from './persist.ts'

const NEVER = Number.POSITIVE_INFINITY

/** An operator pauses new orders, and resumes them after a while, as `POST /pauses` and `POST /pauses/lift` do. */
export const pauseOrders = async (
  { platform, system, records, persist }: ClientPorts,
  { productId, forMs }: Action & { kind: 'pause orders' },
  outlet: Outlet,
): Promise<void> => {
  const { scheduler, trace } = platform
  const database = system().readModels.order.binding(outlet)
  const pause: KnownPause = {
    ...{ productId, askedAt: scheduler.now },
    ...{ storedAt: NEVER, liftAskedAt: NEVER, liftedAt: NEVER },
  }
  records.pauses.push(pause)
  await persist(outlet, IDEMPOTENT, async () => {
    await storePause(database, { productId, reason: 'a recall', client: SHOP, at: pause.askedAt }).run()
    pause.storedAt = scheduler.now
  })
  trace(outlet.actor.name, () => `paused ${nameOf(pause)}`)
  await new Promise<void>((resolve) => {
    setTimeout(resolve, forMs)
  })
  pause.liftAskedAt = scheduler.now
  await persist(outlet, IDEMPOTENT, async () => {
    await deletePause(database, productId).run()
    pause.liftedAt = scheduler.now
  })
  trace(outlet.actor.name, () => `resumed ${nameOf(pause)}`)
}
