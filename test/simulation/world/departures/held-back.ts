import { DAY_MS, HOUR_MS } from '../../../../src/kernel/instant.ts'
import { cutAt, heldBackUntil, lastFactAt } from '../../../../src/order/retention.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Random } from '../../platform/random.ts'
import { runTask } from './run-task.ts'
import type { DepartureScene } from './scene.ts'
import { createSlowReader, type SlowReader } from './slow-reader.ts'

const COMPLETE = 'a reader of the feed that misses an order which has left is refused'
const NAMED = 'a consumer that reads on is not refused'

/** A consumer holds an order back for so many days beyond its retention. */
const BOUND_DAYS = 31

/** In half of the worlds a reader of the order feed has read a part, before orders may leave. Some are consumers. */
export const startReader = async (
  platform: Platform,
  scene: DepartureScene,
  random: Random,
): Promise<SlowReader | undefined> => {
  const kind = random.pick(['none', 'none', 'reader', 'consumer'] as const)
  const pages = random.pick([0, 1, 1, 2])
  const limit = random.between(1, 8)
  if (kind === 'none') return undefined
  const reader = createSlowReader(scene, { isNamed: kind === 'consumer' })
  await runTask(platform, 'slow reader', async (outlet) => {
    await reader.begin(outlet)
    for (let page = 0; page < pages; page += 1) await reader.readPage(limit, outlet)
  })
  return reader
}

/** The orders may leave. Those whose events a consumer has not read do not, until it has read them or the bound is over. */
export const holdBack = async (
  platform: Platform,
  scene: DepartureScene,
  { reader, random }: { reader: SlowReader; random: Random },
): Promise<void> => {
  const { scheduler } = platform
  const { system, cloud, watch } = scene
  const cut = () => cutAt(scheduler.now, system.archive.retentionDays)
  watch.isHeldBack = (order) => reader.misses(order) && lastFactAt(order) >= heldBackUntil(cut())
  scheduler.after(0, cloud, () => system.runCronTriggers())
  await scheduler.runUntil(scheduler.now + HOUR_MS)
  if (random.chance() < 0.5) {
    await runTask(platform, 'slow consumer', reader.readToEnd)
    if (reader.isRefused()) platform.violated(NAMED, 'it could not read on')
    await scheduler.runUntil(scheduler.now + DAY_MS)
  } else await scheduler.runUntil(scheduler.now + BOUND_DAYS * DAY_MS)
}

/** After orders have left: the reader reads on, unless it is told that it misses some. A consumer is then removed. */
export const endReader = async (
  platform: Platform,
  { system, watch }: DepartureScene,
  reader: SlowReader,
): Promise<void> => {
  watch.isHeldBack = () => false
  await runTask(platform, 'slow reader again', reader.readToEnd)
  for (const order of reader.isRefused() ? [] : watch.left.values())
    if (reader.misses(order)) platform.violated(COMPLETE, order.orderId)
  if (!reader.isNamed) return
  await runTask(platform, 'late operator', async (outlet) => {
    await system.partitionsFor(outlet).orders.feedConsumers.remove('slow')
  })
}
