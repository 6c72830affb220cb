import { type Bucket, createBucket } from '../platform/bucket.ts'
import type { Platform } from '../platform/platform.ts'
import type { Actor } from '../platform/scheduler.ts'

export type SystemArchive = {
  readonly bucket: Bucket
  /** 0: no order leaves. It takes effect when an order partition starts. */
  retentionDays: number
}

/** The archive of the order partitions. One of them may die when its text is stored, before it knows. */
export const createArchive = (
  platform: Platform,
  cloud: Actor,
  orders: () => ReadonlyMap<string, { die(): void }>,
): SystemArchive => {
  const afterPut = (name: string): void => {
    platform.trace('archive', () => `has ${name}`)
    const [partition = ''] = name.split('/')
    if (platform.faults.hits('archivedThenCrash')) orders().get(partition)?.die()
  }
  return { bucket: createBucket(platform, { cloud, afterPut }), retentionDays: 0 }
}
