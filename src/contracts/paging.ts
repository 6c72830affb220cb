import { z } from 'zod'
import { fromBase64Url, toBase64Url } from '../kernel/base64url.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { hash32 } from '../kernel/hash.ts'

export const PAGE_SIZE = 20
export const PAGE_SIZE_MAX = 100

/** A position in a list: of the last item of a page. */
export type Position = readonly [string, string]

/** A cursor says which list it is of, and where in it the next page begins. Callers only hand it back. */
export type Cursor = { list: string; position: Position }

/** One page as it was asked for. `list` names the list, for the cursor of the page after it. */
export type Page = { list: string; limit: number; after?: Position | undefined }

/** Only to see whether a list can be read. */
export const FIRST_ITEM: Page = { list: '', limit: 1 }

/**
 * The name of a list in its cursors: a hash over what it lists and how it is filtered, so that no cursor goes on in
 * another list. Neither the page's size nor the caller is part of it.
 */
export const listName = (of: string, filters: Readonly<Record<string, unknown>>): string =>
  hash32(canonicalJson({ of, filters })).toString(36)

export const encodeCursor = ({ list, position }: Cursor): string =>
  toBase64Url(encodeURIComponent(JSON.stringify([list, ...position])))

const cursorSchema = z.tuple([z.string(), z.string(), z.string()])

/** `undefined` for what is no cursor of ours. */
export const decodeCursor = (cursor: string): Cursor | undefined => {
  try {
    const text = decodeURIComponent(fromBase64Url(cursor))
    const [list, ...position] = cursorSchema.parse(JSON.parse(text))
    return { list, position }
  } catch {
    return undefined
  }
}

export const IS_OF_ANOTHER_LIST =
  'is not of this list with these filters: leave it out to begin at the first page, and hand each nextCursor back to the list and filters that it came from'

const CURSOR = {
  description:
    'Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another.',
}

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
    .refine((cursor) => decodeCursor(cursor) !== undefined, IS_OF_ANOTHER_LIST)
    .optional()
    .meta(CURSOR),
}

const isTimed = (cursor: string): boolean =>
  Number.isSafeInteger(Number(decodeCursor(cursor)?.position[0] || 'none'))

/** The same for a list in the order of time, whose positions begin with an instant. */
export const timedPageQuery = {
  ...pageQuery,
  cursor: z.string().max(1_024).refine(isTimed, IS_OF_ANOTHER_LIST).optional().meta(CURSOR),
}

/**
 * A page of `rows`, which hold one more than the limit where there is a next page. Where there are no more although the
 * list goes on, `goesOnAfter` is the position that the list was read to.
 */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  { list, limit, goesOnAfter }: Page & { goesOnAfter?: Position },
  view: { item(row: Row): Item; position(row: Row): Position },
): { items: Item[]; nextCursor?: string } => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  const position = hasMore ? view.position(last) : goesOnAfter
  return {
    items: shown.map(view.item),
    ...(position !== undefined && { nextCursor: encodeCursor({ list, position }) }),
  }
}
