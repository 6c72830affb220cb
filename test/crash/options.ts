import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '../support/running-system.ts'
import { KILL_VARIANTS, type KillVariant } from './kills.ts'

export const USAGE =
  'npm run crash -- --kills N --seed S [--only VARIANT] [--port P] [--state-dir DIR] [--keep]'

/** A night of kills. A higher number is a typing error. */
const KILLS_MAX = 10_000
const KILLS_DEFAULT = '10'
const SEED_MAX = 2 ** 31

export type Options = {
  kills: number
  seed: number
  /** Every kill is one of these. */
  only: KillVariant | undefined
  port: number
  stateDir?: string
  isKept: boolean
}

/** The options of the command line, with a seed and a port of our own where it names none. */
export const readOptions = async (args: readonly string[]): Promise<Options> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: KILLS_DEFAULT },
      seed: { type: 'string', default: String(Date.now() % SEED_MAX) },
      only: { type: 'string' },
      port: { type: 'string' },
      'state-dir': { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  const stateDir = values['state-dir']
  return {
    kills: wholeNumber('--kills', values.kills, KILLS_MAX),
    seed: wholeNumber('--seed', values.seed, SEED_MAX),
    port: values.port === undefined ? await freePort() : wholeNumber('--port', values.port, 65_535),
    only: values.only === undefined ? undefined : variantOf(values.only),
    isKept: values.keep,
    ...(stateDir !== undefined && { stateDir: resolve(stateDir) }),
  }
}

const variantOf = (text: string): KillVariant => {
  const variant = KILL_VARIANTS.find((each) => each === text)
  if (variant === undefined)
    throw new Error(`--only is "${text}": it must be one of ${KILL_VARIANTS.join(', ')}.`)
  return variant
}

const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new Error(`${name} is "${text}": it must be a whole number up to ${most}.`)
}
