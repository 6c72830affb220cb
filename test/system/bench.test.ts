import { describe, expect, it } from 'vitest'
import { createMeasurement } from '../../bench/measure.ts'
import { createScarceMix } from '../../bench/mixes.ts'
import { measureOwnJavaScript } from '../../bench/own-javascript/measure.ts'
import { PARTS } from '../../bench/own-javascript/parts.ts'
import { startSystem } from '../../bench/system.ts'
import { VARIANTS } from '../../bench/variants/variants.ts'
import { eventually } from '../support/eventually.ts'

/** More orders than stock, so that orders are rejected too. */
const ORDERS = 60
const MIX = createScarceMix(3, 15)

/** The variants between them are settings of the same prototype. */
const SYSTEMS = VARIANTS.filter(({ name }) =>
  ['floor', 'obvious', 'recent', 'ours', 'everything'].includes(name),
)

describe('the variants of the benchmark', () => {
  it.each(SYSTEMS)('$name sells no unit twice and charges each confirmed order once', async (variant) => {
    const system = await startSystem(variant, MIX.products)
    const measurement = createMeasurement(system, MIX)
    let stopped: Promise<void> | undefined
    try {
      await measurement.burst(system.client, ORDERS)
      await measurement.checkBooks()
      await eventually(
        async () => system.checkObservers(),
        () => true,
      )
      stopped = system.stop(measurement.checkBank)
      await expect(stopped).resolves.toBeUndefined()
    } finally {
      if (stopped === undefined) await system.stop()
    }
  })
})

describe('the profile of our own JavaScript', () => {
  // Digests are native: what is left around them is less than the profiler sees of a short run.
  it('finds time in each part but hashing', async () => {
    const { byPartMs } = await measureOwnJavaScript()
    expect(PARTS.filter((part) => part !== 'hashing' && !(byPartMs[part] > 0))).toEqual([])
  })
})
