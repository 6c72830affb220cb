import { raw } from 'hono/html'
import { Fragment } from 'hono/jsx'
import { createSharedResult } from '../../../../src/cloudflare/shared-result.ts'
import { type Instant, SECOND_MS } from '../../../../src/kernel/instant.ts'
import type { Asked, Content, PageOf } from './view.ts'

/** A page that reads itself again every five seconds finds the one that was made for its last reading. */
const FRESH_MS = 5 * SECOND_MS
const USABLE_MS = 5 * SECOND_MS
/** The parts of a page have shorter limits of their own. */
const MADE_WITHIN_MS = 30 * SECOND_MS
/** Keys whose operators look at the same time. */
const SHARED_MAX = 50

type SharedView = {
  page: PageOf
  /** What was made before is not shown again, because something has changed. */
  forget(): void
}

/**
 * Makes a page once for all tabs of a key, and again at most every five seconds. A reader never waits for figures that were
 * asked for within the last ten seconds: it gets those, and new ones are made for its next reading. So a page with many
 * parts costs a look at memory while orders keep the system busy.
 */
export const createSharedView = (
  make: (asked: Asked) => Promise<Content>,
  now: () => Instant,
): SharedView => {
  const shared = new Map<string, ReturnType<typeof createSharedResult<Content>>>()

  const shareOf = ({ caller, query }: Asked) => {
    const name = JSON.stringify([caller, query.toString()])
    const known = shared.get(name)
    if (known !== undefined) return known
    if (shared.size >= SHARED_MAX) shared.clear()
    const created = createSharedResult<Content>({
      now,
      freshMs: (view) => (isGood(view) ? FRESH_MS : 0),
      usableMs: (view) => (isGood(view) ? USABLE_MS : 0),
      withinMs: MADE_WITHIN_MS,
    })
    shared.set(name, created)
    return created
  }

  return {
    page: (asked) => shareOf(asked)(async () => rendered(await make(asked)), asked.keepAlive),
    forget: () => shared.clear(),
  }
}

/** What names a problem is made anew for each reader. */
const isGood = ({ status = 200 }: Content): boolean => status === 200

/** What a page is made of, as the markup that it becomes. Texts in it are escaped here. */
const rendered = (view: Content): Content => ({
  ...view,
  body: raw(String(Fragment({ children: view.body }))),
})
