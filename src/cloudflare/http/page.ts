import type { Context } from 'hono'
import { decodeCursor, IS_OF_ANOTHER_LIST, listName, type Page } from '../../contracts/paging.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { faultyProblem } from './problem.ts'

type Asked = { limit: number; cursor?: string | undefined; [filter: string]: unknown }

/** The page of a list that a request asks for. Every parameter except `limit` and `cursor` filters the list. */
export const askedPage = (of: string, { limit, cursor, ...filters }: Asked): Result<Page, string> => {
  const list = listName(of, filters)
  if (cursor === undefined) return success({ list, limit })
  const begins = decodeCursor(cursor)
  if (begins?.list !== list) return refusal(IS_OF_ANOTHER_LIST)
  return success({ list, limit, after: begins.position })
}

export const badCursor = (c: Context, message: string) =>
  faultyProblem(c, 'validation_failed', [{ path: '/cursor', message }])
