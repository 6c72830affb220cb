import { z } from 'zod'
import { headerReferences } from './operation.ts'

const FEED_PAGE_SIZE = 100
/** A page of as many events is at most some megabytes. */
const FEED_PAGE_SIZE_MAX = 1_000
/** Shorter than the time after which proxies give up a connection. */
const FEED_WAIT_SECONDS_MAX = 30
/** A cursor over 200 partitions is shorter, and an address may have so many characters. */
export const FEED_CURSOR_LENGTH_MAX = 14_000

export const FEED_MEDIA_TYPE = 'application/cloudevents-batch+json'

/** Where a page of a feed begins, how long it may be, and how long it may take. */
export const feedPageQuery = {
  after: z.string().min(1).max(FEED_CURSOR_LENGTH_MAX).optional().meta({
    description: 'The `Next-Cursor` of the response before. Without it, the feed begins anew.',
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(FEED_PAGE_SIZE_MAX)
    .default(FEED_PAGE_SIZE)
    .meta({ description: 'How many events come at most.' }),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(FEED_WAIT_SECONDS_MAX)
    .default(0)
    .meta({ description: 'Where there are no events, wait so many seconds for the next one.' }),
}

/** A page of a feed whose events are as `event` says. */
export const feedPageResponse = <Event extends z.ZodType>(
  event: Event,
  { description, example }: { description: string; example: unknown },
) => ({
  description,
  headers: headerReferences(['Next-Cursor', 'Link']),
  content: { [FEED_MEDIA_TYPE]: { schema: z.array(event), example: [example] } },
})
