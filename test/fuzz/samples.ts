import fc from 'fast-check'
import type { Chance } from '../crash/chance.ts'
import { arbitraryOf } from './arbitrary-of.ts'
import type { Document, Schema } from './document.ts'
import { HINTS, UNIT_PRICE } from './hints.ts'

/**
 * How many values are drawn of each schema. They are drawn once, because an arbitrary takes longer to set up than a
 * request.
 */
const SAMPLES = 400

/** Values that the schemas of the document allow, the same for the same seed. */
export const createSamples = (document: Document, seed: number) => {
  const drawn = new Map<Schema, unknown[]>()
  const draw = (schema: Schema): unknown[] => {
    const arbitrary = arbitraryOf(schema, { resolve: document.resolve, hints: HINTS })
    const values = fc.sample(arbitrary, { numRuns: SAMPLES, seed }).map(asJson).map(priced)
    drawn.set(schema, values)
    return values
  }
  return { pick: (schema: Schema, chance: Chance): unknown => chance.pick(drawn.get(schema) ?? draw(schema)) }
}

export type Samples = ReturnType<typeof createSamples>

/** The value without its members that are `undefined`. */
const asJson = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value))

/** An order gets the total that the catalogue would compute for its lines. */
const priced = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(priced)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, priced(member)]))
  const { items } = members
  return Array.isArray(items) ? { ...members, totalAmount: UNIT_PRICE * unitsOf(items) } : members
}

const unitsOf = (items: readonly { quantity?: unknown }[]): number =>
  items.reduce((sum, { quantity }) => sum + (typeof quantity === 'number' ? quantity : 0), 0)
