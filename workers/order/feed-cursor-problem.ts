import type { Context } from 'hono'
import { faultyProblem } from '../../src/cloudflare/http/problem.ts'
import type { CursorRefused } from '../../src/order/feed-reader.ts'

/** The cursor at this place of a request is not one to read on from. */
export const cursorRefused = (c: Context, path: string, reason: CursorRefused = 'cursor_refused') =>
  faultyProblem(c, 'feed_cursor_refused', [{ path, message: MESSAGES[reason] }])

const MESSAGES: Record<CursorRefused, string> = {
  cursor_refused:
    'is of another deployment, or from before the feed was switched off: leave it out to begin at the oldest order',
  orders_left:
    'is older than RETENTION_DAYS: orders that its reader did not have yet have left for the archive. Leave it out to begin at the oldest order that is kept',
}
