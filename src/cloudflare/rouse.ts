import type { Finding } from '../contracts/http/readiness.ts'
import { contradictionIn } from '../messaging/fixed-setting.ts'
import type { Log } from '../messaging/partition.ts'
import type { Check } from './checks.ts'
import { unansweredIn } from './witness.ts'

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
  check: Check = (_, ask) => ask(),
): Promise<Finding[]> => {
  const objected = await check('the setting of the partitions', async () => {
    const words = await objection()
    return words === undefined ? [] : [words]
  })
  if (objected.length > 0) return objected
  const findings = await Promise.all(
    partitions.map(({ name, rouse }) =>
      check(name, () =>
        rouse().then(
          () => [],
          (error) => [asleep(name, error)],
        ),
      ),
    ),
  )
  return findings.flat()
}

const asleep = (name: string, error: unknown): Finding => ({
  problem: `${name}: ${contradictionIn(error) ?? unansweredIn(error) ?? 'does not start or does not answer. The log says why'}`,
  error: `${name}: ${error}`,
})

/** The same from a cron trigger, which nobody waits for: the next one tries again. */
export const rouseOnTime = async (
  partitions: readonly Sleeper[],
  log: Log,
  objection: () => Promise<string | undefined> = noObjection,
): Promise<void> => {
  for (const finding of await rouseAll(partitions, objection)) {
    const error = typeof finding === 'string' ? finding : finding.error
    log('error', 'a partition could not be roused', { error })
  }
}

const noObjection = async (): Promise<undefined> => undefined
