import { timeOfUlid } from '../kernel/ids.ts'
import { toTimestamp } from '../kernel/instant.ts'

/** An event that shows the way to a consumer's end, and nothing else. */
export type FeedTested = ReturnType<typeof feedTested>

/** `id` is a ULID. The order service keeps all consumers, and so it is the source of every test. */
export const feedTested = (id: string) => ({
  ...({ specversion: '1.0', id: `${id}/FeedTested`, source: '/order', type: 'FeedTested' } as const),
  ...({ schemaversion: 1, subject: id, datacontenttype: 'application/json' } as const),
  ...{ time: toTimestamp(timeOfUlid(id)), revision: 1, hops: 0, data: {} },
  ...{ partitionkey: id, sequence: '000001' },
})
