import type { Context } from 'hono'
import { faultyProblem } from './problem.ts'

/** For what is no cursor of the feed that was asked. */
export const malformedFeedCursor = (c: Context) =>
  faultyProblem(c, 'validation_failed', [
    {
      path: '/after',
      message: 'is no cursor of this feed: hand back the Next-Cursor of a response as it came',
    },
  ])
