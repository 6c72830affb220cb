// Which licences our dependencies may have.

/**
 * A package as `package-lock.json` has it; `dev` is only for development, and in nothing that is deployed.
 * @typedef {{ version?: string, license?: string, dev?: boolean, link?: boolean }} Locked
 */

/** What asks for no more than a notice. */
const PERMISSIVE = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'],
  ...['CC0-1.0', 'Unlicense', 'Python-2.0'],
])

/** What asks for the source of its own files: no burden for a tool that is used as it is, and not deployed. */
const FOR_TOOLS = new Set([...PERMISSIVE, 'MPL-2.0', 'LGPL-3.0-or-later'])

/**
 * The packages whose licence is not allowed, with the reason, and how many there are of each licence.
 * @param {Record<string, Locked>} packages
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
 * Whether an SPDX expression can be kept by licences of the list: of `OR` one side is enough, of `AND` both are needed,
 * and `AND` binds closer. What cannot be read is not allowed.
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
