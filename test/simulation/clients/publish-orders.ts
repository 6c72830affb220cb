import type { Outlet } from '../platform/platform.ts'
import type { Action, Item } from '../world/action.ts'
import { type ClientPorts, NEIGHBOUR, requestFor, SHOP, tokenOf } from './client-ports.ts'
import { contendedIds, createPublishing } from './external-orders.ts'
import { IDEMPOTENT } from './persist.ts'

type Placing = Action & { kind: 'place' }
type Wanted = { items: readonly Item[]; tag: string }
type Publishings = Map<string, ReturnType<typeof createPublishing>>

/** Publishes two orders as `POST /events` does, under ids of the client's own. */
export const createPublishOrders = (ports: ClientPorts) => {
  const publishings: Publishings = new Map()
  return (action: Placing, wanted: Wanted, outlet: Outlet): Promise<void> =>
    publish(ports, publishings, { action, ...wanted, outlet })
}

const publish = async (
  ports: ClientPorts,
  publishings: Publishings,
  { action, items, tag, outlet }: Wanted & { action: Placing; outlet: Outlet },
): Promise<void> => {
  const { platform, records, catalogue } = ports
  const { order } = action
  const askedAt = platform.scheduler.now
  const client = tag.startsWith(NEIGHBOUR) ? NEIGHBOUR : SHOP
  const { ids: externalIds, key } = contendedIds(action, client === NEIGHBOUR ? `order-${order}` : tag)
  const ids = await recordIds(ports, { externalIds, client, order, outlet })
  const request = requestFor('POST /events', key, { items, tag }, client)
  const token = tokenOf(ports, order)
  const publishing =
    publishings.get(tag) ?? createPublishing({ ids: externalIds, items, tag, token, key, request, client })
  publishings.set(tag, publishing)
  const response = await ports.persist(outlet, IDEMPOTENT, () =>
    publishing(ports.system(), catalogue, outlet),
  )
  if (response === undefined) return
  if (!response.ok) {
    platform.trace(outlet.actor.name, () => `${tag} was refused: ${response.reason.code}`)
    const isAlone = client === NEIGHBOUR || action.rival === undefined
    recordRefusal(ports, response.reason.code, { order, tag, key, isAlone })
    return
  }
  records.compareResponse(request, response.value.accepted)
  platform.trace(outlet.actor.name, () => `published ${ids.join(' and ')}`)
  if (!records.orderIds.has(order) && client === SHOP) records.orderIds.set(order, ids[0] ?? '')
  const waitedMs = platform.scheduler.now - askedAt
  for (const [nth, orderId] of ids.entries())
    records.responses.push({ kind: 'order', tag: `${tag}-${nth}`, order, orderId, key, waitedMs })
}

/** Remembers which order each external id stands for. */
const recordIds = async (
  { system, records }: ClientPorts,
  wanted: { externalIds: readonly string[]; client: string; order: number; outlet: Outlet },
): Promise<string[]> => {
  const { externalIds, client, order, outlet } = wanted
  const { orders } = system().partitionsFor(outlet)
  const names = externalIds.map((externalId) => ({ client, externalId }))
  const ids = await Promise.all(names.map(orders.uniqueId))
  for (const [nth, id] of ids.entries()) records.recordId(id, order, names[nth])
  return ids
}

/** A client is alone with its ids, unless it has a rival of its own. */
const recordRefusal = (
  { platform, records }: ClientPorts,
  code: string,
  { order, tag, key, isAlone }: { order: number; tag: string; key: string | undefined; isAlone: boolean },
): void => {
  if (code === 'order_id_taken' && isAlone)
    platform.violated('an id that one client uses is free for all others', `${tag} was refused`)
  if (code === 'order_id_taken' && !isAlone) records.taken.add(order)
  if (code === 'idempotency_key_reused' && key !== undefined)
    records.responses.push({ kind: 'refused as reused', tag, key })
}
