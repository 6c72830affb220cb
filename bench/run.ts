import { countVariant } from './count.ts'
import type { Figures } from './figures.ts'
import { countFsyncs } from './fsyncs.ts'
import { type Burst, createMeasurement } from './measure.ts'
import type { Mix } from './mixes.ts'
import type { Plan } from './options.ts'
import { measureOwnJavaScript } from './own-javascript/measure.ts'
import { highestRate } from './search.ts'
import { median } from './statistics.ts'
import { startSystem } from './system.ts'
import type { Variant } from './variants/variant.ts'

/** Rows, operations and dollars are those at this rate, or at the highest rate where that is lower. */
const COUNTED_AT_PER_SECOND = 100
/** The first guess of the highest rate: a flat backlog needs room beside a burst. */
const GUESS_SHARE = 0.7
const FSYNC_SECONDS = 4

type Run = { mix: Mix; plan: Plan; before: Figures | undefined }

/**
 * All figures of one run of one variant. Throws where the books do not balance. A run before saves time: what it counted
 * is not counted again, and the search for the highest rate begins where that one ended.
 */
export const runOnce = async (variant: Variant, { mix, plan, before }: Run): Promise<Figures> => {
  const timed = await measureTimes(variant, { mix, plan, before })
  const own = variant.name === 'ours' ? await measureOwnJavaScript() : undefined
  return {
    ...(before ?? (await countAt(Math.min(COUNTED_AT_PER_SECOND, timed.settledPerSecond), variant, plan))),
    ...timed,
    ownCpuMsPerOrder: own?.perOrderMs ?? null,
    ownCpuMsByPart: own?.byPartMs ?? null,
  }
}

const countAt = async (perSecond: number, variant: Variant, { countSeconds }: Plan) => ({
  ...(await countVariant(variant, { perSecond, seconds: countSeconds })),
  countedAtPerSecond: perSecond,
})

/** What takes time, measured without anything that counts. */
const measureTimes = async (variant: Variant, { mix, plan, before }: Run) => {
  const system = await startSystem(variant, mix.products)
  let ended = false
  try {
    const measurement = createMeasurement(system, mix)
    await measurement.warmUp(plan.warmUpOrders)
    const bursts: Burst[] = []
    for (let done = 0; done < plan.bursts; done += 1)
      bursts.push(await measurement.burst(system.client, plan.burstOrders))
    const direct = await measurement.burst(system.directClient, plan.burstOrders)
    const burstPerSecond = median(bursts.map(({ settledPerSecond }) => settledPerSecond))
    const at50 = await measurement.window(50, plan.at50Seconds)
    const guess = before?.settledPerSecond ?? burstPerSecond * GUESS_SHARE
    const highest = await highestRate(measurement.window, guess, plan.search)
    const atHalf = await measurement.window(highest.perSecond / 2, plan.atHalfSeconds)
    const fsyncsAt = Math.min(COUNTED_AT_PER_SECOND, highest.settledPerSecond)
    const fsyncs = await countFsyncs(system.processes(), () => measurement.window(fsyncsAt, FSYNC_SECONDS))
    await measurement.checkBooks()
    system.checkObservers()
    ended = true
    await system.stop(measurement.checkBank)
    return {
      settledPerSecond: highest.settledPerSecond,
      burstPerSecond,
      cpuMsPerOrder: median(bursts.map(({ cpuMsPerOrder }) => cpuMsPerOrder)),
      at50: at50.latencies,
      atHalf: atHalf.latencies,
      fsyncsPerOrder: fsyncs === null ? null : fsyncs / (fsyncsAt * FSYNC_SECONDS),
      acceptedPerSecond: median(bursts.map(({ acceptedPerSecond }) => acceptedPerSecond)),
      directBurstPerSecond: direct.settledPerSecond,
      directCpuMsPerOrder: direct.cpuMsPerOrder,
      residentMegabytes: direct.residentMegabytes,
      isBacklogFlat: highest.isFlat,
    }
  } finally {
    if (!ended) await system.stop()
  }
}
