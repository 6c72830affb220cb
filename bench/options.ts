import { parseArgs } from 'node:util'
import { createMixes, type Mix } from './mixes.ts'
import type { Variant } from './variants/variant.ts'
import { VARIANTS } from './variants/variants.ts'

const USAGE = `npm run bench -- [--quick] [--variants A,B] [--mix NAME] [--runs N] [--bursts N] [--json FILE [--resume]]
npm run bench -- --cost [--variants A,B] [--json FILE]
npm run bench -- --scaling [--write]
npm run bench -- --throughput [--write]

bench/README.md explains each flag and each figure.`

/** How much is measured in one run of one variant. */
export type Plan = {
  warmUpOrders: number
  bursts: number
  burstOrders: number
  at50Seconds: number
  atHalfSeconds: number
  countSeconds: number
  search: { steps: number; seconds: number; confirmSeconds: number }
}

const FULL: Plan = {
  // The first thousand orders of a cold process cost 1 to 2 ms more each: V8 has not compiled their way yet.
  warmUpOrders: 2_000,
  bursts: 3,
  burstOrders: 1_000,
  at50Seconds: 20,
  atHalfSeconds: 20,
  countSeconds: 10,
  search: { steps: 4, seconds: 8, confirmSeconds: 20 },
}

/** Three variants within three minutes: a trend, not a result. */
const QUICK: Plan = {
  warmUpOrders: 500,
  bursts: 1,
  burstOrders: 500,
  at50Seconds: 5,
  atHalfSeconds: 4,
  countSeconds: 3,
  search: { steps: 2, seconds: 3, confirmSeconds: 4 },
}

const PRODUCTS = { full: 1_000, quick: 100 } as const

export type Options = {
  variants: readonly Variant[]
  plan: Plan
  mix: Mix
  runs: number
  jsonFile: string | undefined
  /** Runs that the file has already are not repeated. */
  isResumed: boolean
}

/** What the command line asks for. Prints the usage and ends the process where it asks for help, or for what there is not. */
export const readOptions = (): Options => {
  try {
    return optionsOf(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    process.exit(2)
  }
}

const optionsOf = (args: string[]): Options => {
  if (args.includes('--help')) {
    console.log(USAGE)
    process.exit(0)
  }
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      variants: { type: 'string', default: 'floor,obvious,ours' },
      mix: { type: 'string', default: 'uniform' },
      runs: { type: 'string', default: '1' },
      bursts: { type: 'string' },
      json: { type: 'string' },
      resume: { type: 'boolean', default: false },
      cost: { type: 'boolean', default: false },
    },
  })
  const plan = values.quick ? QUICK : FULL
  return {
    variants: values.variants.split(',').map(variantNamed),
    plan: values.bursts === undefined ? plan : { ...plan, bursts: countIn('bursts', values.bursts) },
    mix: mixNamed(values.mix, values.quick ? PRODUCTS.quick : PRODUCTS.full),
    runs: countIn('runs', values.runs),
    jsonFile: values.json,
    isResumed: values.resume,
  }
}

const variantNamed = (name: string): Variant => {
  const variant = VARIANTS.find((each) => each.name === name)
  if (variant === undefined)
    throw new Error(`There is no variant ${name}. There are: ${VARIANTS.map((each) => each.name).join(', ')}`)
  return variant
}

const mixNamed = (name: string, products: number): Mix => {
  const mixes = createMixes(products)
  const mix = mixes.find((each) => each.name === name)
  if (mix === undefined)
    throw new Error(`There is no mix ${name}. There are: ${mixes.map((each) => each.name).join(', ')}`)
  return mix
}

const countIn = (name: string, text: string): number => {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} is a whole number from 1 on.`)
  return count
}
