import { z } from 'zod'

const ENTRIES_MAX = 50

const nameField = z.string().min(1).max(128)
const textField = z.string().max(500)

type Metadata = Record<string, string>

/**
 * Texts of the caller's own by names of the caller's own. `z.record` would leave out a member that is named
 * `__proto__` unchecked, and `POST /orders` would lose it without a word.
 */
export const metadataField = z
  .custom<Metadata>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object',
    abort: true,
  })
  .superRefine((metadata, context) => {
    const entries = Object.entries(metadata)
    if (entries.length > ENTRIES_MAX) {
      context.addIssue({ code: 'custom', message: `must have at most ${ENTRIES_MAX} entries` })
    }
    for (const [name, text] of entries) {
      for (const checked of [nameField.safeParse(name), textField.safeParse(text)]) {
        const issues = checked.error?.issues ?? []
        for (const { message } of issues) context.addIssue({ code: 'custom', path: [name], message })
      }
    }
  })
  .meta({
    description: 'Whatever you want to get back with the order.',
    type: 'object',
    additionalProperties: { type: 'string', maxLength: textField.maxLength ?? undefined },
    maxProperties: ENTRIES_MAX,
    propertyNames: { minLength: 1, maxLength: nameField.maxLength ?? undefined },
  })
