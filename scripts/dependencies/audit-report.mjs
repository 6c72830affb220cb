// Reads the output of `npm audit --json`.
import { z } from 'zod'

/**
 * @typedef {{ kind: 'unavailable', reason: string }
 *   | { kind: 'available', severe: string[], counts: Record<string, number> }} AuditReport
 */

const SEVERE = ['high', 'critical']

const report = z.object({
  metadata: z.object({ vulnerabilities: z.record(z.string(), z.number()) }),
  vulnerabilities: z
    .record(z.string(), z.object({ name: z.string(), severity: z.string(), range: z.string() }))
    .default({}),
})

const refusal = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string().optional() }).optional(),
})

/**
 * A registry without an audit (a mirror, or one that cannot be reached) says nothing about the packages.
 * @param {string} output
 * @returns {AuditReport}
 */
export const readAuditReport = (output) => {
  const content = parsed(output)
  if (!isReport(content)) return { kind: 'unavailable', reason: reasonIn(content) }
  // Throws on another format: a report that cannot be read must not pass for one without vulnerabilities.
  const { metadata, vulnerabilities } = report.parse(content)
  const severe = Object.values(vulnerabilities)
    .filter(({ severity }) => SEVERE.includes(severity))
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`)
  return { kind: 'available', severe, counts: metadata.vulnerabilities }
}

/** @param {unknown} content */
const isReport = (content) => typeof content === 'object' && content !== null && 'metadata' in content

/** @param {unknown} content */
const reasonIn = (content) => {
  const { message, error } = refusal.safeParse(content).data ?? {}
  return message ?? error?.summary ?? 'npm printed no report'
}

/**
 * @param {string} output
 * @returns {unknown}
 */
const parsed = (output) => {
  try {
    return JSON.parse(output)
  } catch {
    return undefined
  }
}
