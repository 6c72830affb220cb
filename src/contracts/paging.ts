import { z } from 'zod'

export const PAGE_SIZE = 20
export const PAGE_SIZE_MAX = 100

/** A position in a list, told to callers as a word that they only hand back. */
export type Position = readonly [string, string]

const positionSchema = z.tuple([z.string(), z.string()])

export const encodeCursor = (position: Position): string =>
  btoa(encodeURIComponent(JSON.stringify(position)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** `undefined` for what is no cursor of ours. */
export const decodeCursor = (cursor: string): Position | undefined => {
  try {
    const text = decodeURIComponent(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
    return positionSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const CURSOR = { description: 'Where the page begins: the `nextCursor` of the page before, as it came.' }

export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_SIZE_MAX)
    .default(PAGE_SIZE)
    .meta({ description: 'How many items a page has at most.' }),
  cursor: z
    .string()
    .max(1_024)
    .refine((cursor) => decodeCursor(cursor) !== undefined, 'is not a cursor of this list')
    .optional()
    .meta(CURSOR),
}

const isTimed = (cursor: string): boolean => Number.isSafeInteger(Number(decodeCursor(cursor)?.[0] || 'none'))

/** The same for a list in the order of time, whose positions begin with an instant. */
export const timedPageQuery = {
  ...pageQuery,
  cursor: z.string().max(1_024).refine(isTimed, 'is not a cursor of this list').optional().meta(CURSOR),
}

/** A page of `rows`, which hold one more than `limit` where there is a next page. */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: { item(row: Row): Item; position(row: Row): Position },
): { items: Item[]; nextCursor?: string } => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { items: shown.map(view.item), ...(hasMore && { nextCursor: encodeCursor(view.position(last)) }) }
}
