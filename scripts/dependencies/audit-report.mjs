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
  const { success, data } = report.safeParse(content)
  if (!success) return { kind: 'unavailable', reason: reasonIn(content) }
  const severe = Object.values(data.vulnerabilities)
    .filter(({ severity }) => SEVERE.includes(severity))
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`)
  return { kind: 'available', severe, counts: data.metadata.vulnerabilities }
}

/** @param {unknown} content */
const reasonIn = (content) => {
  const { message, error } = refusal.safeParse(content).data ?? {}
  return message ?? error?.summary ?? 'npm printed no report that this script can read'
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
