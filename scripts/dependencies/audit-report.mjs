// What `npm audit --json` says.

/**
 * @typedef {{ kind: 'not answered', reason: string }
 *   | { kind: 'answered', grave: string[], counts: Record<string, number> }} AuditReport
 */

const GRAVE = ['high', 'critical']

/**
 * A registry that serves no audit (a mirror, or none that can be reached) says nothing about the packages.
 * @param {string} output
 * @returns {AuditReport}
 */
export const readAuditReport = (output) => {
  const report = parsed(output)
  const counts = report?.metadata?.vulnerabilities
  if (counts === undefined) {
    return { kind: 'not answered', reason: report?.message ?? report?.error?.summary ?? 'npm said nothing' }
  }
  const grave = Object.values(report?.vulnerabilities ?? {})
    .filter(({ severity }) => GRAVE.includes(severity))
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`)
  return { kind: 'answered', grave, counts }
}

/**
 * @typedef {{
 *   message?: string,
 *   error?: { summary?: string },
 *   metadata?: { vulnerabilities?: Record<string, number> },
 *   vulnerabilities?: Record<string, { name: string, severity: string, range: string }>,
 * }} NpmReport
 */

/**
 * @param {string} output
 * @returns {NpmReport | undefined}
 */
const parsed = (output) => {
  try {
    return JSON.parse(output)
  } catch {
    return undefined
  }
}
