import { type CallResult, orThrow } from './results.ts'

type Page<Item> = { items: Item[]; nextCursor?: string }

export type ReadPage<Item> = (page: { cursor?: string }) => Promise<CallResult<Page<Item>>>

/**
 * A list, page by page. Each page is read when the loop reaches it.
 * `for await (const orders of pages((page) => api.GET('/orders', { params: { query: { limit: 100, ...page } } })))`
 */
export async function* pages<Item>(read: ReadPage<Item>): AsyncGenerator<Item[], void> {
  let cursor: string | undefined
  do {
    const page = await orThrow(read(cursor === undefined ? {} : { cursor }))
    yield page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
