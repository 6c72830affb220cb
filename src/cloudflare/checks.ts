import type { Finding } from '../contracts/http/readiness.ts'
import { type Instant, SECOND_MS } from '../kernel/instant.ts'

/** A part that was well is asked again after this time at the earliest, for all callers together. */
const GOOD_MS = 5 * SECOND_MS
/** A part with a finding is asked again sooner, so that the end of a start is seen at once. */
const BAD_MS = SECOND_MS / 2
/** Partitions, databases and demo products of one Worker are a few dozen. */
const CHECKS_MAX = 1_000

export type Check = (name: string, ask: () => Promise<Finding[]>) => Promise<Finding[]>

/** Remembers what was found out about the parts of a Worker. It lives as long as the isolate. */
export const createChecks = (now: () => Instant): Check => {
  const found = new Map<string, { findings: Finding[]; at: Instant }>()
  return async (name, ask) => {
    const known = found.get(name)
    const at = now()
    if (known !== undefined && at - known.at < (known.findings.length === 0 ? GOOD_MS : BAD_MS)) {
      return known.findings
    }
    const findings = await ask()
    if (found.size >= CHECKS_MAX) found.clear()
    found.set(name, { findings, at })
    return findings
  }
}
