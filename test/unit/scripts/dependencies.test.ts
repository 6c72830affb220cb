import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAuditReport } from '../../../scripts/dependencies/audit-report.mjs'
import {
  checkLicences,
  FOR_TOOLS,
  isAllowed,
  PERMISSIVE,
  readLockFile,
} from '../../../scripts/dependencies/licences.mjs'

const ALLOWED = new Set(['MIT', 'Apache-2.0'])

describe('an SPDX expression', () => {
  it.each([
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['MIT OR GPL-3.0-only', true],
    ['(GPL-3.0-only OR MIT)', true],
    ['MIT AND GPL-3.0-only', false],
    ['MIT AND Apache-2.0', true],
    ['GPL-3.0-only OR MIT AND Apache-2.0', true],
    ['(GPL-3.0-only OR MIT) AND Apache-2.0', true],
    ['GPL-2.0-only WITH Classpath-exception-2.0', false],
    ['MIT WITH something', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['UNLICENSED', false],
    ['(MIT', false],
    ['MIT)', false],
    ['MIT OR', false],
    ['', false],
  ])('%s is allowed: %s', (expression, expected) => {
    expect(isAllowed(expression, ALLOWED)).toBe(expected)
  })
})

describe('the licences of locked packages', () => {
  it('are refused by name: what is deployed has a shorter list than a tool', () => {
    const packages = {
      '': { license: 'GPL-3.0-only' },
      'packages/client': { license: 'GPL-3.0-only' },
      'node_modules/@edge-orders/client': { link: true },
      'node_modules/fine': { version: '1.0.0', license: 'MIT' },
      'node_modules/tool': { version: '1.0.0', license: 'MPL-2.0', dev: true },
      'node_modules/@scope/deployed': { version: '2.0.0', license: 'MPL-2.0' },
      'node_modules/tool/node_modules/silent': { version: '3.0.0', dev: true },
    }
    expect(checkLicences(packages)).toEqual({
      refused: ['@scope/deployed@2.0.0: MPL-2.0 (deployed)', 'silent@3.0.0: no licence (a tool)'],
      counts: [
        { license: 'MPL-2.0', packages: 2 },
        { license: 'MIT', packages: 1 },
        { license: 'no licence', packages: 1 },
      ],
    })
  })

  const ROOT = resolve(import.meta.dirname, '../../..')
  const locked = readLockFile(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))

  it('are all allowed', () => {
    expect(checkLicences(locked).refused).toEqual([])
  })

  it('need every licence that is allowed', () => {
    const named = new Set(checkLicences(locked).counts.flatMap(({ license }) => license.match(/[^\s()]+/g)))
    expect([...FOR_TOOLS].filter((licence) => !named.has(licence))).toEqual([])
  })

  it('are those of the table in docs/security.md', () => {
    const rows = readFileSync(join(ROOT, 'docs/security.md'), 'utf8').matchAll(
      /^[|] (`.+`) [|] (all packages|tools) [|]/gm,
    )
    const listed = Array.from(rows, ([, licences = '', whose]) => ({ licences, whose }))
    const of = (wanted: string) =>
      listed.flatMap(({ licences, whose }) =>
        whose === wanted ? licences.split(', ').map((licence) => licence.replaceAll('`', '')) : [],
      )
    expect(new Set(of('all packages'))).toEqual(PERMISSIVE)
    expect(new Set([...of('all packages'), ...of('tools')])).toEqual(FOR_TOOLS)
  })
})

describe('the report of npm audit', () => {
  const counts = { info: 0, low: 1, moderate: 0, high: 1, critical: 0, total: 2 }
  const hole = (name: string, severity: string) => ({ name, severity, range: '<1.2.3' })

  it('names what is high or critical', () => {
    const vulnerabilities = { a: hole('a', 'low'), b: hole('b', 'high'), c: hole('c', 'critical') }
    const output = JSON.stringify({ vulnerabilities, metadata: { vulnerabilities: counts } })
    expect(readAuditReport(output)).toEqual({
      kind: 'available',
      severe: ['b <1.2.3: high', 'c <1.2.3: critical'],
      counts,
    })
  })

  it('is refused in a format that cannot be read, so that no vulnerability is overlooked', () => {
    const output = JSON.stringify({
      vulnerabilities: { a: { name: 'a' } },
      metadata: { vulnerabilities: counts },
    })
    expect(() => readAuditReport(output)).toThrow('severity')
  })

  it.each([
    [
      'a mirror',
      '{"message":"405 Method Not Allowed","statusCode":405,"error":{}}',
      '405 Method Not Allowed',
    ],
    [
      'no network',
      '{"error":{"code":"ENOTFOUND","summary":"getaddrinfo ENOTFOUND"}}',
      'getaddrinfo ENOTFOUND',
    ],
    ['silence', '', 'npm printed no report'],
  ])('is unavailable from %s, with the reason', (_from, output, reason) => {
    expect(readAuditReport(output)).toEqual({ kind: 'unavailable', reason })
  })
})
