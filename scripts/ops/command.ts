import { type Client, pages, type ReadPage } from '../../packages/client/src/index.ts'
import type { Arguments } from './arguments.ts'

/** What a command prints: rows for people, or the API's response for programs. */
export type Report = {
  rows: string[][]
  note?: string
  response: unknown
  /** A part of the work was refused or not reached, as the rows say. */
  isIncomplete?: boolean
}

export type Command = (api: Client, given: Arguments) => Promise<Report>

/** A longer list needs another tool than a terminal. */
const ITEMS_MAX = 10_000
const PAGE_SIZE = 100

type Page = { limit: number; cursor?: string }

/** Every page of a list, or its first items. */
export const readAll = async <Item>(
  read: (page: Page) => ReturnType<ReadPage<Item>>,
  itemsMax = ITEMS_MAX,
): Promise<Item[]> => {
  const limit = Math.min(PAGE_SIZE, itemsMax)
  const all: Item[] = []
  for await (const items of pages((page) => read({ limit, ...page }))) {
    all.push(...items)
    if (all.length >= itemsMax) break
  }
  return all.slice(0, itemsMax)
}

/** For a list without items. */
export const noteOfNone = (rows: readonly string[][]) => rows.length === 0 && { note: 'There is none.' }
