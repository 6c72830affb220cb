import { createPublisher } from '../../../src/cloudflare/publisher.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import type { ClientPorts } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

/** An operator sends the events of an order to a service once more, as `POST /replays` does. */
export const replayEvents = async (
  { platform, system, records, persist }: ClientPorts,
  { order, to }: Action & { kind: 'replay' },
  outlet: Outlet,
): Promise<void> => {
  const orderId = records.orderIds.get(order)
  if (orderId === undefined) return
  await persist(outlet, IDEMPOTENT, async () => {
    const replays = await system().partitionsFor(outlet).orders.replay([orderId], { to })
    const events = replays.flatMap((replay) => replay.events)
    const inboxes = { [to]: system().inboxes[to].binding(outlet) }
    const { publish } = createPublisher(inboxes, { format: 'text', lingerMs: 0 })
    await publish(events.map((event) => ({ to, event })))
    platform.trace(outlet.actor.name, () => `replayed ${events.length} events of ${orderId} to ${to}`)
  })
}
