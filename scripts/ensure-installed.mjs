// Runs before the other npm scripts. It must work on a system Node from version 20 on, without any package.
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
 * Compares npm's record of its last complete installation with the lock file.
 * File times are no measure: a checkout of another branch changes them without changing a package.
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
 * A missing optional package is fine: it may be for another platform.
 * @param {LockedPackage | undefined} installed
 * @param {LockedPackage} wanted
 */
function matches(installed, wanted) {
  if (installed === undefined) return wanted.optional === true
  return installed.version === wanted.version && installed.integrity === wanted.integrity
}

/** Looks at the folder too: npm with `omit=optional` leaves out the Node package itself. */
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
 * @returns {Record<string, LockedPackage> | undefined} undefined where the file is missing or damaged
 */
function packagesOf(file) {
  try {
    /** @type {unknown} */
    const content = JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
    return hasPackages(content) ? content.packages : undefined
  } catch {
    return undefined
  }
}

/**
 * By hand, because no package is installed yet.
 * @param {unknown} content
 * @returns {content is { packages: Record<string, LockedPackage> }}
 */
function hasPackages(content) {
  const packages = isObject(content) ? content.packages : undefined
  return isObject(packages) && Object.values(packages).every(isLockedPackage)
}

/** @param {unknown} entry */
function isLockedPackage(entry) {
  if (!isObject(entry)) return false
  const { version = '', integrity = '', optional = false, bin = {}, os = [], cpu = [] } = entry
  return (
    typeof version === 'string' &&
    typeof integrity === 'string' &&
    typeof optional === 'boolean' &&
    isObject(bin) &&
    [os, cpu].every((each) => typeof each === 'string' || Array.isArray(each))
  )
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null
}

function install() {
  if (isLink(join(ROOT, 'node_modules'))) {
    // npm ci would follow the link, and delete the packages of another checkout.
    fail(
      'node_modules is a link, and the packages in its target do not match package-lock.json.',
      'Remove the link, or run npm ci in the checkout that it leads to.',
    )
  }
  console.log('Installing the dependencies (npm ci). This takes a moment …')
  const { status, error } = runNpmCi()
  if (status === 0) return
  fail(
    `The dependencies could not be installed: npm ci ${error ? `did not start (${error.message})` : `ended with code ${status}`}.`,
    'Read the messages of npm above. The installation needs npm, the npm registry (or a mirror, set in .npmrc) and a package-lock.json that matches package.json.',
  )
}

/** @param {string} path */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

/** Without these options npm leaves out wrangler under NODE_ENV=production, and Node and workerd under `omit=optional`. */
function runNpmCi() {
  const included = ['--include=dev', '--include=optional']
  return spawnSync('npm', ['ci', ...included, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    env: { ...process.env, PATH: pathOutsideNodeModules() },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

/** npm ci deletes node_modules, and with it the Node inside. So npm itself must run on the system's Node. */
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
