import { setTimeout as sleep } from 'node:timers/promises'

/** How long `take` waits for a page. Also the longest that an ending bridge waits for it. */
const TAKE_MS = 1_000

type Offer<Page> = { page: Page; end(isDone: boolean): void }

/**
 * Between a client library that pushes pages and a bridge that takes them one by one. One page is on offer at a time, and
 * it stays until it is done or withdrawn.
 */
export const createHandOff = <Page>() => {
  let offer: Offer<Page> | undefined
  let wake: () => void = () => undefined
  return {
    /** Resolves once the page is done (`true`) or withdrawn (`false`). Calls `whileWaiting` each second; its error withdraws the page. */
    give: async (page: Page, whileWaiting: () => Promise<void>): Promise<boolean> => {
      const ended = new Promise<boolean>((end) => {
        offer = { page, end }
      })
      wake()
      try {
        for (;;) {
          const isDone = await Promise.race([ended, sleep(TAKE_MS)])
          if (isDone !== undefined) return isDone
          await whileWaiting()
        }
      } finally {
        offer = undefined
      }
    },
    /** The page on offer, `undefined` where none came. The same page comes again until it ends. */
    take: async (): Promise<Page | undefined> => {
      if (offer === undefined) {
        const offered = new Promise<void>((resolve) => {
          wake = resolve
        })
        await Promise.race([offered, sleep(TAKE_MS)])
      }
      return offer?.page
    },
    isOnOffer: (page: Page): boolean => offer?.page === page,
    finish: (): void => offer?.end(true),
    withdraw: (): void => offer?.end(false),
  }
}
