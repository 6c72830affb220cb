import { PORT_TIMEOUT_MS } from '../../src/cloudflare/partition-host.ts'
import { within } from '../../src/cloudflare/within.ts'
import type { Archive } from '../../src/order/archive.ts'
import type { FeedConsumer } from '../../src/order/feed-consumer.ts'
import type { RetentionPorts } from '../../src/order/partition/portion-steps.ts'
import { FIRST_PARTITION } from './first-partition.ts'
import { unlistOrders } from './order-list.ts'

type Departing = {
  days: number
  /** The name of the partition. */
  partition: string
  /** The consumers of the feed that the partition has itself. */
  ownConsumers(): FeedConsumer[]
}

/** What orders of a partition need in order to leave. Undefined where no bucket is bound: then all orders stay. */
export const retentionOf = (
  env: OrderEnv,
  { days, partition, ownConsumers }: Departing,
): RetentionPorts | undefined => {
  const bucket = bucketOf(env)
  if (bucket === undefined) return undefined
  return {
    days,
    label: partition.slice('orders-'.length),
    archive: createArchive(bucket),
    unlist: (keys) => within(PORT_TIMEOUT_MS, 'taking orders off the list', unlistOrders(env.LISTS_DB, keys)),
    consumers: async () => (partition === FIRST_PARTITION ? ownConsumers() : await consumersOfAll(env)),
  }
}

/** Whether orders may have left. */
export const hasArchive = (env: OrderEnv): boolean => bucketOf(env) !== undefined

/** A deployment that never had a retention has no bucket, whatever the generated types say. */
const bucketOf = ({ ARCHIVE }: Partial<Pick<OrderEnv, 'ARCHIVE'>>): R2Bucket | undefined => ARCHIVE

/** They are in the first partition. */
const consumersOfAll = async ({ ORDERS }: OrderEnv): Promise<FeedConsumer[]> =>
  await within(
    PORT_TIMEOUT_MS,
    'asking for the consumers of the feed',
    ORDERS.getByName(FIRST_PARTITION).feedConsumers(),
  )

const createArchive = (bucket: R2Bucket): Archive => ({
  put: async (name, text) => {
    const httpMetadata = { contentType: 'application/x-ndjson' }
    await within(PORT_TIMEOUT_MS, `archiving ${name}`, bucket.put(name, text, { httpMetadata }))
  },
  get: async (name) => {
    const stored = await within(PORT_TIMEOUT_MS, `reading ${name}`, bucket.get(name))
    return stored === null ? undefined : await within(PORT_TIMEOUT_MS, `reading ${name}`, stored.text())
  },
})
