// The licences that our dependencies may have.
import { z } from 'zod'

/** A package in `package-lock.json`. One with `dev` is a tool for development, and is never deployed. */
const lockedPackage = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  link: z.boolean().optional(),
})

const lockFile = z.object({ packages: z.record(z.string(), lockedPackage) })

/** @param {string} text of `package-lock.json` */
export const readLockFile = (text) => lockFile.parse(JSON.parse(text)).packages

/** These licences demand no more than a notice. docs/security.md lists them, and says why the others are accepted. */
export const PERMISSIVE = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'],
  ...['CC0-1.0', 'Unlicense', 'Python-2.0'],
])

/** The last two demand the source of their own files. A tool that we neither change nor deploy meets that without work. */
export const FOR_TOOLS = new Set([...PERMISSIVE, 'MPL-2.0', 'LGPL-3.0-or-later'])

/**
 * The packages whose licence is not allowed, and the number of packages of each licence.
 * @param {Record<string, z.infer<typeof lockedPackage>>} packages by their path
 */
export const checkLicences = (packages) => {
  const locked = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  )
  const refused = locked
    .filter(([, { license, dev }]) => !isAllowed(license ?? '', dev ? FOR_TOOLS : PERMISSIVE))
    .map(([path, { version, license, dev }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const where = dev ? 'a tool' : 'deployed'
      return `${name}@${version}: ${license ?? 'no licence'} (${where})`
    })
  const counts = Object.entries(Object.groupBy(locked, ([, { license }]) => license ?? 'no licence'))
    .map(([license, those]) => ({ license, packages: those?.length ?? 0 }))
    .toSorted((one, other) => other.packages - one.packages)
  return { refused, counts }
}

/**
 * Whether the allowed licences satisfy an SPDX expression. `OR` needs one side, `AND` needs both, and `AND` binds closer.
 * An expression with any other syntax is not allowed.
 * @param {string} expression
 * @param {ReadonlySet<string>} allowed
 * @returns {boolean}
 */
export const isAllowed = (expression, allowed) => {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? []
  let at = 0

  /** @returns {boolean} */
  const either = () => {
    let holds = both()
    while (tokens[at] === 'OR') {
      at += 1
      holds = both() || holds
    }
    return holds
  }
  /** @returns {boolean} */
  const both = () => {
    let holds = one()
    while (tokens[at] === 'AND') {
      at += 1
      holds = one() && holds
    }
    return holds
  }
  /** @returns {boolean} */
  const one = () => {
    const token = tokens[at]
    at += 1
    if (token !== '(') return token !== undefined && allowed.has(token)
    const holds = either()
    at += 1
    return holds && tokens[at - 1] === ')'
  }

  return either() && at === tokens.length
}
