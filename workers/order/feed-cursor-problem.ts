import type { Context } from 'hono'
import { faultyProblem } from '../../src/cloudflare/http/problem.ts'

/** The cursor at this place of a request is not one to read on from. */
export const cursorRefused = (c: Context, path: string) =>
  faultyProblem(c, 'feed_cursor_refused', [
    {
      path,
      message:
        'is of another deployment, or from before the feed was switched off: leave it out to begin at the oldest order',
    },
  ])
