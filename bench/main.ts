import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { printCost } from './cost/main.ts'
import { type Burst, createMeasurement, type Latencies } from './measure.ts'
import { MIXES, type Mix } from './mixes.ts'
import { printScaling } from './scaling/main.ts'
import { median } from './statistics.ts'
import { startSystem } from './system.ts'
import type { Variant } from './variants/variant.ts'
import { VARIANTS } from './variants/variants.ts'

const USAGE = `npm run bench -- [--quick] [--variants A,B] [--mix ${MIXES.map(({ name }) => name).join('|')}] [--bursts N] [--json FILE]`
const BURST_ORDERS = 1_000

type Options = {
  variants: readonly Variant[]
  isQuick: boolean
  mix: Mix
  bursts: number
  jsonFile: string | undefined
}

/** What is printed of a variant, and written to the file of `--json`. */
type Figures = {
  burstPerSecond: number
  cpuMsPerOrder: number
  residentMegabytes: number
  at50: Latencies
  settledPerSecond?: number
  atHalf?: Latencies
}

const readOptions = (): Options => {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      variants: { type: 'string', default: 'floor,obvious,ours' },
      mix: { type: 'string', default: 'uniform' },
      bursts: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  })
  const mix = MIXES.find(({ name }) => name === values.mix)
  if (mix === undefined) throw new Error(`There is no mix ${values.mix}. ${USAGE}`)
  const bursts = Number(values.bursts)
  if (!Number.isInteger(bursts) || bursts < 1) throw new Error(`--bursts is a number from 1 on. ${USAGE}`)
  const variants = values.variants.split(',').map(variantNamed)
  return { variants, isQuick: values.quick, mix, bursts, jsonFile: values.json }
}

const variantNamed = (name: string): Variant => {
  const variant = VARIANTS.find((each) => each.name === name)
  if (variant === undefined)
    throw new Error(
      `There is no variant ${name}. The variants: ${VARIANTS.map((each) => each.name).join(', ')}`,
    )
  return variant
}

const measure = async (variant: Variant, { isQuick, mix, bursts }: Options): Promise<Figures> => {
  const system = await startSystem(variant, mix.products)
  try {
    const measurement = createMeasurement(system, mix)
    await measurement.warmUp()
    const runs: Burst[] = []
    for (let run = 0; run < bursts; run += 1) runs.push(await measurement.burst(BURST_ORDERS))
    const burstPerSecond = median(runs.map((run) => run.settledPerSecond))
    const at50 = await measurement.window(50, isQuick ? 10 : 30)
    const highest = isQuick ? undefined : await measurement.highestRate(burstPerSecond * 0.8, 30)
    const atHalf = highest && (await measurement.window(highest.perSecond / 2, 30))
    await measurement.checkBooks()
    return {
      burstPerSecond,
      cpuMsPerOrder: median(runs.map((run) => run.cpuMsPerOrder)),
      residentMegabytes: runs.at(-1)?.residentMegabytes ?? Number.NaN,
      at50: at50.latencies,
      ...(highest && { settledPerSecond: highest.settledPerSecond }),
      ...(atHalf && { atHalf: atHalf.latencies }),
    }
  } finally {
    await system.stop()
  }
}

if (process.argv.includes('--scaling')) {
  printScaling({ isWritten: process.argv.includes('--write') })
  process.exit()
}
if (process.argv.includes('--cost')) {
  const { values } = parseArgs({
    options: {
      cost: { type: 'boolean' },
      variants: { type: 'string', default: 'obvious,ours' },
      json: { type: 'string' },
    },
  })
  await printCost({ variants: values.variants.split(',').map(variantNamed), jsonFile: values.json })
  process.exit()
}
const options = readOptions()
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, mix ${options.mix.name}`)
const report: Record<string, Figures> = {}
for (const variant of options.variants) {
  console.log(`\n${variant.name}: ${variant.summary}`)
  const figures = await measure(variant, options)
  report[variant.name] = figures
  console.dir(figures, { depth: 2 })
}
if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`)
