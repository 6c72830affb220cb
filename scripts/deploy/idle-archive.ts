// The archive while RETENTION_DAYS is 0, so that no order leaves for it. Where the account has its bucket, the order Worker
// stays bound to it: orders that left before are read from there. Where it has none, none is made, because R2 has to be
// switched on in an account, with a means of payment.
import { leaveBucketOut, stayBound } from './steps.ts'
import type { Account, Step, Worker } from './types.ts'

/** The Worker as it is deployed to this account. */
export const withKeptArchive = (worker: Worker, { buckets }: Account): Worker =>
  worker.idleArchive !== undefined && buckets.has(worker.idleArchive.bucket)
    ? { ...worker, config: worker.idleArchive.config }
    : worker

/** The line of the plan about the Worker's idle archive. An empty account has nothing to say about it. */
export const planIdleArchive = ({ idleArchive }: Worker, account: Account): Step[] => {
  if (idleArchive === undefined) return []
  const { bucket } = idleArchive
  if (account.buckets.has(bucket)) return [stayBound(bucket)]
  return account.hiddenBuckets.has(bucket) ? [leaveBucketOut(bucket)] : []
}
