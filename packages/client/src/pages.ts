import { type Answered, orThrow } from './answers.ts'

type Page<Item> = { items: Item[]; nextCursor?: string }

export type ReadPage<Item> = (page: { cursor?: string }) => Promise<Answered<Page<Item>>>

/**
 * A list, page by page; each is read when it is asked for.
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
