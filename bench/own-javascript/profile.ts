import type { Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import { createShop, type Shop } from '../../test/walk/shop.ts'
import { OUTSIDE, PARTS, type Part, partOf } from './parts.ts'

/** V8 compiles what runs often only after some thousand calls. */
const WARM_UP_ORDERS = 2_000
const PROFILED_ORDERS = 2_000
/** Orders under way at the same time: about as many share a hop when the system is busy. */
const TOGETHER = 50
const SAMPLE_EVERY_US = 200

/** Processor time of an order in ms: the sum, and by part. `outsideMs` is the stand-ins' and Node's own, and not in it. */
export type OwnJavaScript = { perOrderMs: number; byPartMs: Record<Part, number>; outsideMs: number }

/** Places orders through the real handlers of all Workers, on this thread, with SQLite in memory. */
export const profileOrders = async (): Promise<OwnJavaScript> => {
  const shop = await createShop({ units: WARM_UP_ORDERS + PROFILED_ORDERS })
  await placeOrders(shop, WARM_UP_ORDERS)
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US })
  const before = process.threadCpuUsage()
  await session.post('Profiler.start')
  await placeOrders(shop, PROFILED_ORDERS)
  const { user, system } = process.threadCpuUsage(before)
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return attributed(profile, { orders: PROFILED_ORDERS, cpuMs: (user + system) / 1_000 })
}

const placeOrders = async (shop: Shop, count: number): Promise<void> => {
  let last = ''
  for (let placed = 0; placed < count; placed += TOGETHER) {
    const orders = await Promise.all(
      Array.from({ length: TOGETHER }, () =>
        shop.call('POST', '/orders', {
          items: [{ productId: shop.productId, quantity: 1 }],
          payment: { token: 'pm_card_visa' },
        }),
      ),
    )
    await shop.deliverAll()
    await shop.ringDueAlarms()
    last = String(orders.at(-1)?.['orderId'])
  }
  const { status, settledAt } = await shop.call('GET', `/orders/${last}`)
  if (status !== 'confirmed' || typeof settledAt !== 'string') throw new Error(`${last} did not settle.`)
}

type Node = Profiler.ProfileNode

const attributed = (
  profile: Profiler.Profile,
  { orders, cpuMs }: { orders: number; cpuMs: number },
): OwnJavaScript => {
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  )
  const partById = new Map(profile.nodes.map((node) => [node.id, kindOf(node, parents)]))
  const ms = new Map<Kind, number>()
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const kind = partById.get(id) ?? OUTSIDE
    ms.set(kind, (ms.get(kind) ?? 0) + (profile.timeDeltas?.[index] ?? 0) / 1_000)
  }
  ms.delete('idle')
  // Samples are taken by the clock, which runs on while another process has the processor.
  const wallMs = [...ms.values()].reduce((sum, each) => sum + each, 0)
  const msOf = (kind: Kind): number => ((ms.get(kind) ?? 0) * cpuMs) / wallMs / orders
  const ownMs = PARTS.reduce((sum, part) => sum + msOf(part), 0)
  // Nothing tells whose garbage is collected, so it is shared out.
  const garbageMs = (msOf('garbage') * ownMs) / (ownMs + msOf(OUTSIDE))
  const byPartMs = Object.fromEntries(PARTS.map((part) => [part, msOf(part)])) as Record<Part, number>
  return {
    perOrderMs: ownMs + garbageMs,
    byPartMs: { ...byPartMs, other: byPartMs.other + garbageMs },
    outsideMs: msOf(OUTSIDE) + msOf('garbage') - garbageMs,
  }
}

type Kind = Part | typeof OUTSIDE | 'garbage' | 'idle'

const kindOf = (node: Node, parents: ReadonlyMap<number, Node>): Kind => {
  const { functionName } = node.callFrame
  if (functionName === '(idle)') return 'idle'
  if (functionName === '(garbage collector)') return 'garbage'
  return partOf(stackOf(node, parents))
}

/** From the function that runs to the outermost one. */
const stackOf = (node: Node, parents: ReadonlyMap<number, Node>) => {
  const frames: Node['callFrame'][] = []
  for (let each: Node | undefined = node; each !== undefined; each = parents.get(each.id))
    frames.push(each.callFrame)
  return frames
}
