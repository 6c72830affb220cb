import type { Outlet } from '../../platform/platform.ts'
import type { Action, BridgeSettings } from '../../world/action.ts'
import type { ClientPorts } from '../client-ports.ts'
import { adjustConsumer } from './adjust-consumer.ts'
import { BridgeProcess } from './bridge-process.ts'
import { type Bridged, BridgedConsumer } from './bridged-consumer.ts'
import { createTopic } from './topic.ts'

type Bridging = Action & { kind: 'run bridges' }

/** Starts the bridges, and the operator who adjusts their consumer. */
export const runBridges = (ports: ClientPorts, action: Bridging, outlet: Outlet): Bridged => {
  const { scheduler } = ports.platform
  const { actor } = outlet
  const { feed, topicFaults, processes } = action
  const { name, topic } = NAMES[feed]
  const mayOvertake = processes.length > 1 || topicFaults.late > 0
  const consumer = new BridgedConsumer(
    { name, feed },
    createTopic(ports.platform, topic, topicFaults),
    mayOvertake,
  )
  const bridges = processes.map(({ startsAfterMs, ...settings }, index) => {
    const bridge = new BridgeProcess(ports, consumer, {
      ...{ name: nameOf(feed, String(index)), settings, supervisor: actor },
    })
    scheduler.after(startsAfterMs, actor, () => bridge.start())
    return bridge
  })
  for (const { afterMs, kind } of action.adjustments)
    scheduler.after(afterMs, actor, () => void adjustConsumer(ports, consumer, { kind, outlet }))
  return { consumer, bridges }
}

/** Once nothing else happens: the bridges that still live publish what is left, and so does a new one. */
export const finishBridges = async (
  ports: ClientPorts,
  { consumer, bridges }: Bridged,
  outlet: Outlet,
): Promise<void> => {
  await adjustConsumer(ports, consumer, { kind: 'resume', outlet })
  const last = new BridgeProcess(ports, consumer, {
    ...{ name: nameOf(consumer.feed, 'last'), settings: LAST, supervisor: outlet.actor },
  })
  bridges.push(last)
  last.start()
  for (const each of bridges) each.goOn()
}

const NAMES = {
  orders: { name: 'warehouse', topic: 'topic' },
  products: { name: 'search', topic: 'product topic' },
} as const

const nameOf = (feed: Bridging['feed'], name: string): string =>
  feed === 'orders' ? name : `${feed} ${name}`

const LAST: BridgeSettings = {
  ...{ holder: 'last', leaseSeconds: 10, limit: 100, idleMs: 0, callsMax: 0, crashes: 0 },
}
