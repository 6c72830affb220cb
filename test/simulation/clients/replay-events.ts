import { createPublisher } from '../../../src/cloudflare/publisher.ts'
import type { Service } from '../../../src/contracts/topology.ts'
import { publicEventsOf } from '../../../src/order/order-events.ts'
import { load, type Stored } from '../invariants/stored.ts'
import type { Outlet, Platform } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import type { ClientPorts } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

type Ports = Pick<ClientPorts, 'persist'> & { system: ReturnType<ClientPorts['system']> }

type Sent = { orders: readonly string[]; eventIds: readonly string[] }

/**
 * Sends the events of orders to a service once more, as far as the partitions still have them. Returns which orders it
 * reached, and the ids of the events that it sent.
 */
export const replayOrders = async (
  { system, persist }: Ports,
  { orderIds, to }: { orderIds: readonly string[]; to: Service },
  outlet: Outlet,
): Promise<Sent | undefined> =>
  await persist(outlet, IDEMPOTENT, async () => {
    const replays = await system.partitionsFor(outlet).orders.replay(orderIds, { to })
    const events = replays.flatMap((replay) => replay.events)
    const inboxes = { [to]: system.inboxes[to].binding(outlet) }
    const { publish } = createPublisher(inboxes, { format: 'text', lingerMs: 0 })
    await publish(events.map((event) => ({ to, event })))
    return { orders: replays.flatMap((replay) => replay.orders), eventIds: events.map(({ id }) => id) }
  })

/** An operator sends the events of an order to a service once more, as `POST /replays` does. */
export const replayEvents = async (
  { platform, system, records, persist }: ClientPorts,
  { order, to }: Action & { kind: 'replay' },
  outlet: Outlet,
): Promise<void> => {
  const orderId = records.orderIds.get(order)
  if (orderId === undefined) return
  const sent = await replayOrders({ system: system(), persist }, { orderIds: [orderId], to }, outlet)
  if (sent === undefined) return
  checkReplay(platform, { to, orderId, sent, stored: load(system()) })
  platform.trace(outlet.actor.name, () => `replayed ${sent.eventIds.length} events of ${orderId} to ${to}`)
}

/** A replay reaches an order that was taken, and sends events that the order has, under their ids. */
const checkReplay = (
  { violated }: Platform,
  { to, orderId, sent, stored }: { to: Service; orderId: string; sent: Sent; stored: Stored },
): void => {
  if (!sent.orders.includes(orderId)) violated('a replay reaches each order that it names', orderId)
  const order = stored.orders.get(orderId)?.order
  const events = order === undefined ? [] : publicEventsOf(order)
  const fresh = sent.eventIds.filter((id) => !events.some((event) => event.id === id))
  if (fresh.length > 0) violated('a replay sends only events that the order has', fresh.join(', '))
  // An order that was never settled until now was not settled at the replay either.
  const isUnderWay = !events.some(({ type }) => type === 'OrderSettled')
  if (isUnderWay && LEGS.includes(to) && sent.eventIds.length > 1)
    violated('a replay sends a leg only the last decision of an order under way', sent.eventIds.join(', '))
}

const LEGS: readonly Service[] = ['inventory', 'payment']
