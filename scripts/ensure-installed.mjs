// Runs before the other npm scripts, so it must work on a bare system Node without any package.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodePackageFor, nodeProblem } from './node-version.mjs'

/**
 * @typedef {{
 *   version?: string,
 *   integrity?: string,
 *   optional?: boolean,
 *   bin?: Record<string, string>,
 *   os?: string | string[],
 *   cpu?: string | string[],
 * }} LockedPackage
 */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const problem = findNodeProblem()
if (problem && !problem.isSolvedByInstalling) fail(problem.happened, problem.advice)
if (problem || !isInstalled()) install()
const remaining = findNodeProblem()
if (remaining) fail(remaining.happened, remaining.advice)

/**
 * Compares what npm noted of its last complete installation with the lock file.
 * File times would not do: a checkout of another branch changes them without changing a package.
 */
function isInstalled() {
  const locked = lockedPackages()
  const installed = packagesOf(join('node_modules', '.package-lock.json'))
  if (installed === undefined) return false
  return (
    Object.entries(locked).every(([path, wanted]) => path === '' || matches(installed[path], wanted)) &&
    Object.keys(installed).every((path) => path in locked)
  )
}

/**
 * Optional packages are absent on every platform but their own.
 * @param {LockedPackage | undefined} installed
 * @param {LockedPackage} wanted
 */
function matches(installed, wanted) {
  if (installed === undefined) return wanted.optional === true
  return installed.version === wanted.version && installed.integrity === wanted.integrity
}

/** An npm that was told to leave out optional packages leaves out Node itself. */
function findNodeProblem() {
  const path = nodePackageFor(lockedPackages(), process)
  const own = path && {
    name: path.replace('node_modules/', ''),
    isInstalled: existsSync(join(ROOT, path)) && existsSync(join(ROOT, 'node_modules', '.bin', 'node')),
  }
  return nodeProblem({
    system: process.versions.node,
    platform: `${process.platform} on ${process.arch}`,
    ...(own && { package: own }),
  })
}

function lockedPackages() {
  const locked = packagesOf('package-lock.json')
  if (locked === undefined) fail('package-lock.json is missing or damaged.', 'Restore it from git.')
  return locked
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

function install() {
  if (isLink(join(ROOT, 'node_modules'))) {
    // npm ci would follow it, and empty a folder that belongs to another checkout.
    fail(
      'node_modules is a link, and what it leads to does not fit package-lock.json.',
      'Remove the link, or run npm ci where it leads to.',
    )
  }
  console.log('Installing the dependencies (npm ci), this takes a moment …')
  const { status, error } = runNpmCi()
  if (status === 0) return
  fail(
    `The dependencies could not be installed: npm ci ${error ? `did not start (${error.message})` : `ended with code ${status}`}.`,
    'Look at its messages above. It needs npm, the npm registry (or a mirror set in .npmrc) and a package-lock.json that fits package.json.',
  )
}

/** @param {string} path */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

/** Under NODE_ENV=production npm would leave out wrangler, and with `omit=optional` Node and workerd. */
function runNpmCi() {
  const included = ['--include=dev', '--include=optional']
  return spawnSync('npm', ['ci', ...included, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    env: { ...process.env, PATH: pathOutsideNodeModules() },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

/** npm ci deletes node_modules, and with it the Node in there: npm has to run on the system's own. */
function pathOutsideNodeModules() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter)
}

/**
 * @param {string} happened
 * @param {string} advice
 * @returns {never}
 */
function fail(happened, advice) {
  console.error(`\n${happened}\n${advice}`)
  process.exit(1)
}
