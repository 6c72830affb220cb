/** A field whose JSON is longer than this is kept apart, once for all answers that have it. */
const FIELD_CHARS_MAX = 200

type Fields = Record<string, unknown>

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
  ...(JSON.parse(part) as Fields),
})
