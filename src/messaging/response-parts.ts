import { z } from 'zod'
import { readStored, storedType } from './stored-document.ts'

/** A field whose JSON is longer than this is stored apart, once for all responses that have it. */
const FIELD_CHARS_MAX = 200

const fieldsSchema = z.record(z.string(), z.unknown())

type Fields = z.infer<typeof fieldsSchema>

/** The large fields. */
export const RESPONSE_PART = storedType('part of a response', fieldsSchema)

/** A response as it is stored: its small fields with a reference to its large ones, or whole where it has none. */
export const keptResponse = <Reference>(name: string, reference: z.ZodType<Reference>) =>
  storedType(name, z.union([z.object({ rest: fieldsSchema, part: reference }), fieldsSchema]))

/** Whether a stored response has a part elsewhere. No response of ours has a field `part`. */
export const isParted = <Parted extends { rest: Fields; part: unknown }>(
  kept: Parted | Fields,
): kept is Parted => 'part' in kept

/** A response in two parts: `rest` is small and its own, `part` may be large and is the same in many responses. */
export type PartedResponse = { rest: Fields; part: string | undefined }

/** Takes the large fields out of a response: an address, an event. Their places stay, so that the whole is as it was. */
export const partResponse = (response: object): PartedResponse => {
  const fields = Object.entries(response)
  const large = fields.filter(([, value]) => (JSON.stringify(value)?.length ?? 0) > FIELD_CHARS_MAX)
  if (large.length === 0) return { rest: { ...response }, part: undefined }
  const rest = { ...response, ...Object.fromEntries(large.map(([name]) => [name, null])) }
  return { rest, part: JSON.stringify(Object.fromEntries(large)) }
}

/** The response as it was, its fields in their order. */
export const wholeResponse = (rest: Fields, part: string): Fields => ({
  ...rest,
  ...readStored(RESPONSE_PART, part),
})
