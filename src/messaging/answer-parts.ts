import { z } from 'zod'
import { readStored, storedType } from './stored-document.ts'

/** A field whose JSON is longer than this is kept apart, once for all answers that have it. */
const FIELD_CHARS_MAX = 200

const fieldsSchema = z.record(z.string(), z.unknown())

type Fields = z.infer<typeof fieldsSchema>

/** The large fields. */
export const RESPONSE_PART = storedType('part of a response', fieldsSchema)

/** A response as it is kept: its small fields with a reference to its large ones, or whole where it has none. */
export const keptResponse = <Reference>(name: string, reference: z.ZodType<Reference>) =>
  storedType(name, z.union([z.object({ rest: fieldsSchema, part: reference }), fieldsSchema]))

/** Whether a kept response has a part elsewhere. No response of ours has a field `part`. */
export const isParted = <Parted extends { rest: Fields; part: unknown }>(
  kept: Parted | Fields,
): kept is Parted => 'part' in kept

/** An answer in two parts: `rest` is small and its own, `part` may be large and is the same in many answers. */
export type PartedAnswer = { rest: Fields; part: string | undefined }

/** Takes the large fields out of an answer: an address, an event. Their places stay, so that the whole is as it was. */
export const partAnswer = (answer: object): PartedAnswer => {
  const fields = Object.entries(answer)
  const large = fields.filter(([, value]) => (JSON.stringify(value)?.length ?? 0) > FIELD_CHARS_MAX)
  if (large.length === 0) return { rest: { ...answer }, part: undefined }
  const rest = { ...answer, ...Object.fromEntries(large.map(([name]) => [name, null])) }
  return { rest, part: JSON.stringify(Object.fromEntries(large)) }
}

/** The answer as it was, its fields in their order. */
export const wholeAnswer = (rest: Fields, part: string): Fields => ({
  ...rest,
  ...readStored(RESPONSE_PART, part),
})
