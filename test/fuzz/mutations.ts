import type { Chance } from '../crash/chance.ts'
import { FIELDS, NUMBERS, STRINGS, VALUES } from './hostile.ts'

type Members = Record<string, unknown>

/** A value with one error in it, at any depth. */
export const mutated = (value: unknown, chance: Chance): unknown => {
  if (chance.isLikely(INTO[kindOf(value)])) return mutatedInside(value, chance)
  return chance.isLikely(0.5) ? chance.pick(VALUES) : resembling(value, chance)
}

/** How often the error is inside the value, and does not replace it. */
const INTO = { object: 0.9, array: 0.7, other: 0 }

const kindOf = (value: unknown): keyof typeof INTO => {
  if (Array.isArray(value)) return value.length > 0 ? 'array' : 'other'
  return typeof value === 'object' && value !== null ? 'object' : 'other'
}

const mutatedInside = (value: unknown, chance: Chance): unknown => {
  if (Array.isArray(value)) {
    const index = chance.integer(0, value.length - 1)
    return value.map((item, at) => (at === index ? mutated(item, chance) : item))
  }
  const members = { ...(value as Members) }
  const names = Object.keys(members)
  const name = chance.pick(names)
  if (name === undefined || chance.isLikely(0.25)) return withExtra(members, chance)
  if (chance.isLikely(0.25))
    return Object.fromEntries(Object.entries(members).filter(([key]) => key !== name))
  return { ...members, [name]: mutated(members[name], chance) }
}

const withExtra = (members: Members, chance: Chance): Members => ({
  ...members,
  [chance.pick(FIELDS) ?? 'extra']: chance.pick(VALUES),
})

/** Another value of the same type, at a boundary. */
const resembling = (value: unknown, chance: Chance): unknown => {
  if (typeof value === 'number') return chance.pick(NUMBERS)
  if (typeof value === 'string') return chance.pick(STRINGS)
  if (Array.isArray(value)) return chance.isLikely(0.5) ? [] : [...value, ...value, ...value]
  return chance.pick(VALUES)
}
