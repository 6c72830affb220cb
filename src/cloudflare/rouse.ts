import type { Log } from '../messaging/partition.ts'

/** A partition as its Worker calls it. */
type Sleeper = { name: string; rouse(): Promise<void> }

/**
 * Calls every partition, so that one whose alarm is gone sets it again: the platform gives an alarm up after six
 * retries, and a Durable Object with neither alarm nor callers would sleep for ever. Resolves with what went wrong.
 */
export const rouseAll = async (partitions: readonly Sleeper[]): Promise<string[]> => {
  const problems = await Promise.all(
    partitions.map(({ name, rouse }) =>
      rouse().then(
        () => [],
        (error) => [`${name}: ${error}`],
      ),
    ),
  )
  return problems.flat()
}

/** The same from a cron trigger, which nobody waits for: the next one tries again. */
export const rouseOnTime = async (partitions: readonly Sleeper[], log: Log): Promise<void> => {
  for (const error of await rouseAll(partitions)) log('error', 'a partition could not be roused', { error })
}
