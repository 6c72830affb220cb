import type { Log } from '../messaging/partition.ts'

/** A partition as its Worker calls it. */
type Sleeper = { name: string; rouse(): Promise<void> }

/**
 * Calls every partition, so that one whose alarm is gone sets it again: the platform gives an alarm up after six
 * retries, and a Durable Object with neither alarm nor callers would sleep for ever. Resolves with what went wrong. An
 * objection to their setting is all there is to say: under it no partition is called, so none begins to exist.
 */
export const rouseAll = async (
  partitions: readonly Sleeper[],
  objection: () => Promise<string | undefined> = noObjection,
): Promise<string[]> => {
  const objected = await objection()
  if (objected !== undefined) return [objected]
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
export const rouseOnTime = async (
  partitions: readonly Sleeper[],
  log: Log,
  objection: () => Promise<string | undefined> = noObjection,
): Promise<void> => {
  for (const error of await rouseAll(partitions, objection))
    log('error', 'a partition could not be roused', { error })
}

const noObjection = async (): Promise<undefined> => undefined
