import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createMeasurement } from './measure.ts'
import { createUniformMix } from './mixes.ts'
import { MACHINE } from './report.ts'
import type { Measured, Point } from './scaling/plot.ts'
import { median } from './statistics.ts'
import { startSystem } from './system.ts'
import { orderPartitions, ours, PARTITION_COUNTS } from './variants/ours.ts'
import type { Variant } from './variants/variant.ts'

const PRODUCT_COUNTS = [1, 10, 100, 1_000]
const PRODUCTS = 100
const BURSTS = 3
const ORDERS = 1_000
/** The first orders of a cold process cost more. */
const WARM_UP_ORDERS = 1_000

const MEASURED_FILE = resolve(import.meta.dirname, 'scaling/measured.json')

/**
 * `npm run bench -- --throughput`: what bursts settle in a second, by order partitions and by products. With `--write`
 * the plot of docs/scaling.md shows it, after the next `--scaling --write`.
 */
export const measureThroughput = async ({ isWritten }: { isWritten: boolean }): Promise<void> => {
  console.log(`${MACHINE}, orders that settle in a second, the median of ${BURSTS} bursts of ${ORDERS}`)
  const byPartitions: Point[] = []
  for (const [index, variant] of orderPartitions.entries())
    byPartitions.push(await pointOf(`order partitions`, PARTITION_COUNTS[index] as number, variant, PRODUCTS))
  const byProducts: Point[] = []
  for (const count of PRODUCT_COUNTS) byProducts.push(await pointOf('products', count, ours, count))
  if (!isWritten) return
  const measured: Measured = {
    machine: MACHINE,
    date: new Date().toISOString().slice(0, 10),
    command: 'npm run bench -- --throughput --write',
    byPartitions,
    byProducts,
  }
  writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, null, 2)}\n`)
}

const pointOf = async (of: string, count: number, variant: Variant, products: number): Promise<Point> => {
  const ordersPerSecond = Math.round(await settledPerSecond(variant, products))
  console.log(`${count} ${of}: ${ordersPerSecond}`)
  return { count, ordersPerSecond }
}

/** Throws where the books do not balance. */
const settledPerSecond = async (variant: Variant, products: number): Promise<number> => {
  const mix = createUniformMix(products)
  const system = await startSystem(variant, mix.products)
  const measurement = createMeasurement(system, mix)
  let stopped: Promise<void> | undefined
  try {
    await measurement.warmUp(WARM_UP_ORDERS)
    const bursts: number[] = []
    for (let done = 0; done < BURSTS; done += 1)
      bursts.push((await measurement.burst(system.client, ORDERS)).settledPerSecond)
    await measurement.checkBooks()
    stopped = system.stop(measurement.checkBank)
    await stopped
    return median(bursts)
  } finally {
    if (stopped === undefined) await system.stop()
  }
}
