import { createFullPartitions } from '../../../src/order/placing-with-room.ts'
import { createCatalogue } from '../../../workers/order/catalogue.ts'
import { createInvocation, type Outlet, type Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Action, Item } from '../world/action.ts'
import type { Workload } from '../world/workload.ts'
import { finishBridges, runBridges } from './bridge/run-bridges.ts'
import { cancelOrder, refundOrder } from './change-order.ts'
import { adjustStock, changeProduct } from './change-stock.ts'
import { type ClientPorts, type ClientTask, NEIGHBOUR } from './client-ports.ts'
import { ClientRecords } from './client-records.ts'
import { discardLetters } from './discard-letters.ts'
import { sendExternal, sendExternalAgain } from './external-events.ts'
import { followFeed, readFeedToEnd, switchFeedOff } from './follow-feed.ts'
import { followProducts, readProductsToEnd } from './follow-products.ts'
import { pauseOrders } from './pause-orders.ts'
import { createPersist } from './persist.ts'
import { placeOrder } from './place-order.ts'
import { createPlaceTogether } from './place-together.ts'
import { createPublishOrders } from './publish-orders.ts'
import { replayEvents } from './replay-events.ts'
import { createWebhookClient } from './webhook-client.ts'

type Placing = Action & { kind: 'place' }
type Wanted = { items: readonly Item[]; tag: string }
type Place = (action: Placing, wanted: Wanted, outlet: Outlet) => Promise<void>
type Start = (atMs: number, name: string, task: ClientTask) => void

/** All that is outside the system: the clients, an operator and the external producers. */
export const createClients = (platform: Platform, system: () => System, workload: Workload) => {
  const { scheduler } = platform
  const records = new ClientRecords(platform)
  const ports: ClientPorts = {
    ...{ platform, system, workload, records },
    catalogue: createCatalogue(() => scheduler.now),
    persist: createPersist(platform),
    placeTogether: createPlaceTogether(platform, system),
    full: createFullPartitions(() => scheduler.now),
  }
  const place = createPlace(ports)
  const taskOf = createTasks(ports, place)
  const start: Start = (atMs, name, task) => {
    const outlet = createInvocation(platform, `caller ${name}`)
    scheduler.after(atMs, outlet.actor, () => void task(outlet))
  }
  return {
    records,
    /** Puts an action and its repetitions on the heap. */
    schedule: (action: Action, index: number): void => {
      const task = taskOf(action, index)
      const repeatsMs = 'repeatsMs' in action ? action.repeatsMs : []
      for (const [nth, ms] of [0, ...repeatsMs].entries()) start(action.atMs + ms, `${index}.${nth}`, task)
      if (action.kind === 'place') scheduleOthers(action, { index, place, start })
      if (action.kind === 'follow feed' && action.switchedOffMs !== undefined)
        start(action.switchedOffMs, `${index}.off`, (outlet) => switchFeedOff(ports, action.feed, outlet))
    },
    /** At rest: the readers of the feeds read what is left. */
    readFeedsToEnd: () => {
      if (records.feedReaders.length > 0)
        start(0, 'last feed reader', (outlet) => readFeedToEnd(ports, outlet))
      if (records.productReaders.length > 0)
        start(0, 'last product reader', (outlet) => readProductsToEnd(ports, outlet))
    },
    /** At rest: the bridges publish what is left. */
    finishBridges: () => {
      for (const bridged of records.bridged)
        start(0, 'last operator', (outlet) => finishBridges(ports, bridged, outlet))
    },
    sendExternalAgain: (action: Action & { kind: 'external event' }) => sendExternalAgain(ports, action),
  }
}

/** Places an order by HTTP, or two external ones by events. */
const createPlace = (ports: ClientPorts): Place => {
  const publishOrders = createPublishOrders(ports)
  return (action, wanted, outlet) => {
    ports.records.recordAsked(action.order, wanted.tag)
    return action.isExternal
      ? publishOrders(action, wanted, outlet)
      : placeOrder(ports, action, wanted, outlet)
  }
}

/** The rival sends another order under the same key. The neighbour is another client that uses the same external ids. */
const scheduleOthers = (
  action: Placing,
  { index, place, start }: { index: number; place: Place; start: Start },
): void => {
  const { rival, neighbour, order, atMs } = action
  if (rival !== undefined) {
    const wanted = { items: rival.items, tag: `rival-${order}` }
    start(atMs + rival.afterMs, `${index}.rival`, (outlet) => place(action, wanted, outlet))
  }
  if (neighbour !== undefined) {
    const wanted = { items: neighbour.items, tag: `${NEIGHBOUR}-${order}` }
    start(atMs + neighbour.afterMs, `${index}.neighbour`, (outlet) => place(action, wanted, outlet))
  }
}

/** Which task an action of the workload is. */
const createTasks = (ports: ClientPorts, place: Place) => {
  const registerWebhook = createWebhookClient(ports, (nth, { firstOrder, items }, outlet) => {
    const order = firstOrder + nth
    return place({ ...PLAIN, order, items, key: `place-${order}` }, { items, tag: `order-${order}` }, outlet)
  })
  return (action: Action, index: number): ClientTask => {
    switch (action.kind) {
      case 'place':
        return (outlet) => place(action, { items: action.items, tag: `order-${action.order}` }, outlet)
      case 'cancel':
        return (outlet) => cancelOrder(ports, action, outlet)
      case 'refund':
        return (outlet) => refundOrder(ports, action, { tag: `refund-${index}`, outlet })
      case 'adjust':
        return (outlet) => adjustStock(ports, action, { tag: `adjustment-${index}`, outlet })
      case 'change product':
        return (outlet) => changeProduct(ports, action, outlet)
      case 'external event':
        return async () => sendExternal(ports, action)
      case 'discard letters':
        return (outlet) => discardLetters(ports, outlet)
      case 'pause orders':
        return (outlet) => pauseOrders(ports, action, outlet)
      case 'replay':
        return (outlet) => replayEvents(ports, action, outlet)
      case 'follow feed':
        return (outlet) => (action.feed === 'orders' ? followFeed : followProducts)(ports, action, outlet)
      case 'run bridges':
        return async (outlet) => void ports.records.bridged.push(runBridges(ports, action, outlet))
      case 'register webhook':
        return (outlet) => registerWebhook(action, outlet)
    }
  }
}

/** An order by HTTP, without repetitions and without other clients that compete for it. */
const PLAIN = {
  ...({ kind: 'place', atMs: 0, isExternal: false, repeatsMs: [] } as const),
  ...{ rival: undefined, neighbour: undefined },
}
