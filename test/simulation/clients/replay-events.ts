import { createPublisher } from '../../../src/cloudflare/publisher.ts'
import type { Service } from '../../../src/contracts/topology.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import type { ClientPorts } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

type Ports = Pick<ClientPorts, 'persist'> & { system: ReturnType<ClientPorts['system']> }

/** Sends the events of orders to a service once more, as far as the partitions still have them. Returns how many. */
export const replayOrders = async (
  { system, persist }: Ports,
  { orderIds, to }: { orderIds: readonly string[]; to: Service },
  outlet: Outlet,
): Promise<number | undefined> =>
  await persist(outlet, IDEMPOTENT, async () => {
    const replays = await system.partitionsFor(outlet).orders.replay(orderIds, { to })
    const events = replays.flatMap((replay) => replay.events)
    const inboxes = { [to]: system.inboxes[to].binding(outlet) }
    const { publish } = createPublisher(inboxes, { format: 'text', lingerMs: 0 })
    await publish(events.map((event) => ({ to, event })))
    return events.length
  })

/** An operator sends the events of an order to a service once more, as `POST /replays` does. */
export const replayEvents = async (
  { platform, system, records, persist }: ClientPorts,
  { order, to }: Action & { kind: 'replay' },
  outlet: Outlet,
): Promise<void> => {
  const orderId = records.orderIds.get(order)
  if (orderId === undefined) return
  const events = await replayOrders({ system: system(), persist }, { orderIds: [orderId], to }, outlet)
  platform.trace(outlet.actor.name, () => `replayed ${events} events of ${orderId} to ${to}`)
}
