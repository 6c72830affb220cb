import type { Context } from 'hono'
import { FEED_MEDIA_TYPE } from '../../contracts/http/feed-page.ts'
import type { Operation } from '../../contracts/http/operation.ts'
import { faultyProblem } from './problem.ts'

type Page = {
  events: readonly unknown[]
  /** The `after` of the next page, as it stands in an address. */
  cursor: string
}

/** A page of the feed that this operation reads. */
export const feedPage = (c: Context, { route }: Operation, { events, cursor }: Page) =>
  c.body(JSON.stringify(events), 200, {
    ...{ 'content-type': FEED_MEDIA_TYPE, 'cache-control': 'no-store' },
    ...{ 'next-cursor': cursor, link: `<${route.path}?after=${cursor}>; rel="next"` },
  })

/** For what is no cursor of the feed that was asked. */
export const malformedFeedCursor = (c: Context) =>
  faultyProblem(c, 'validation_failed', [
    {
      path: '/after',
      message: 'is no cursor of this feed: hand back the Next-Cursor of a response as it came',
    },
  ])
