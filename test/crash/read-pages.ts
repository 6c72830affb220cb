import { z } from 'zod'
import type { Client } from './client.ts'
import { readAs } from './evidence.ts'

/** More than any run can fill. */
const PAGES_MAX = 2_000

/** All items of a paged list. */
export const readPages = async <Schema extends z.ZodType>(
  client: Client,
  path: string,
  item: Schema,
): Promise<z.infer<Schema>[]> => {
  const page = z.object({ items: z.array(item), nextCursor: z.string().optional() })
  const items: z.infer<Schema>[] = []
  let cursor = ''
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const found = await readAs(client, `${path}?limit=100${cursor}`, page)
    items.push(...(found?.items ?? []))
    if (found?.nextCursor === undefined) return items
    cursor = `&cursor=${encodeURIComponent(found.nextCursor)}`
  }
  throw new Error(`GET ${path} has more than ${PAGES_MAX} pages`)
}
