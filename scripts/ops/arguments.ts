import { UsageError } from './usage.ts'

/** The arguments of a command, after its name. */
export type Arguments = {
  ids: readonly string[]
  client?: string | undefined
  scopes?: string | undefined
  queue?: string | undefined
  status?: string | undefined
  type?: string | undefined
  reason?: string | undefined
  customer?: string | undefined
  reference?: string | undefined
  after?: string | undefined
  before?: string | undefined
  limit?: string | undefined
  product?: string | undefined
  rate?: string | undefined
  order?: string[] | undefined
  to?: string | undefined
  from?: string | undefined
  feed?: string | undefined
  delta?: string | undefined
  amount?: string | undefined
  since?: string | undefined
  until?: string | undefined
  failing?: boolean | undefined
  'dry-run'?: boolean | undefined
  error?: string | undefined
  'of-reason'?: string | undefined
  kind?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  'key-id'?: string | undefined
  person?: string | undefined
  stuck?: boolean | undefined
  unsettled?: boolean | undefined
  cascade?: boolean | undefined
  'no-cascade'?: boolean | undefined
  duplicates?: boolean | undefined
  delay?: string | undefined
  crashing?: string | undefined
  stopped?: string | undefined
  bank?: string | undefined
  address?: string | undefined
  overlap?: string | undefined
  name?: string | undefined
  price?: string | undefined
  currency?: string | undefined
  'open-orders'?: string | undefined
  'open-units'?: string | undefined
}

export const FEEDS = ['orders', 'products'] as const

export const required = (value: string | undefined, flag: string): string => {
  if (value === undefined || value === '') throw new UsageError(`${flag} is missing.`)
  return value
}

/** A number as people write it. Whether it is one that the API takes, the API says. */
export const numberIn = (given: string, flag: string): number => {
  const number = Number(given)
  if (given.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`${flag} must be a number, not "${given}".`)
  return number
}

/** How many items of a list to show; all of them where none is given. */
export const limitIn = (given: string | undefined): number | undefined => {
  if (given === undefined) return undefined
  const limit = numberIn(given, '--limit')
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit must be a whole number from 1 on.')
  return limit
}

export const onlyOne = (ids: readonly string[], advice = 'Give one id.'): string => {
  const [id] = ids
  if (id === undefined || ids.length > 1) throw new UsageError(advice)
  return id
}

export const oneOf = <Word extends string>(words: readonly Word[], given: string, flag: string): Word => {
  const word = words.find((candidate) => candidate === given)
  if (word === undefined)
    throw new UsageError(`${flag} does not accept "${given}", only ${words.join(', ')}.`)
  return word
}
