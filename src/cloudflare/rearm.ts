import type { Finding } from '../contracts/http/readiness.ts'
import { contradictionIn } from '../messaging/fixed-setting.ts'
import type { Log } from '../messaging/partition.ts'
import type { Check } from './checks.ts'
import { unansweredIn } from './witness.ts'

/** A partition as its Worker calls it. `rearm` sets its alarm again where there is none. */
type RearmedPartition = { name: string; rearm(): Promise<void> }

/**
 * Calls every partition, so that one whose alarm is gone sets it again. The platform gives an alarm up after six
 * retries, and a Durable Object with neither alarm nor callers would sleep for ever. Resolves with what went wrong. Where
 * the first partition objects to the setting, that objection is the only finding: no partition is called, so that none
 * begins to exist under a wrong setting.
 */
export const rearmAll = async (
  partitions: readonly RearmedPartition[],
  objection: () => Promise<string | undefined> = noObjection,
  check: Check = (_, ask) => ask(),
): Promise<Finding[]> => {
  const objections = await check('the setting of the partitions', async () => {
    const objected = await objection()
    return objected === undefined ? [] : [objected]
  })
  if (objections.length > 0) return objections
  return await rearmEach(partitions, check)
}

/** The same for objects that have no setting to object to. */
export const rearmEach = async (objects: readonly RearmedPartition[], check: Check): Promise<Finding[]> => {
  const findings = await Promise.all(
    objects.map(({ name, rearm }) =>
      check(name, () =>
        rearm().then(
          () => [],
          (error) => [notRearmed(name, error)],
        ),
      ),
    ),
  )
  return findings.flat()
}

/** The finding for a partition that could not be called. */
export const notRearmed = (name: string, error: unknown): Finding => ({
  problem: `${name}: ${contradictionIn(error) ?? unansweredIn(error) ?? 'does not start or does not answer. The log says why'}`,
  error: `${name}: ${error}`,
})

/** The same from a cron trigger. No caller waits for it, and the next one tries again. */
export const rearmOnTime = async (
  partitions: readonly RearmedPartition[],
  log: Log,
  objection: () => Promise<string | undefined> = noObjection,
): Promise<void> => {
  for (const finding of await rearmAll(partitions, objection)) {
    const error = typeof finding === 'string' ? finding : finding.error
    log('error', 'a partition could not be rearmed', { error })
  }
}

const noObjection = async (): Promise<undefined> => undefined
