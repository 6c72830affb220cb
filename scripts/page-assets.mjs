// Copies the static files of the operations Worker that are elsewhere: the script of /docs and /docs/events, which is in
// an npm package, the chart of /console, which is in another, and llms.txt, which stays in the root for readers of the repository.
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Failure } from './failure.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const PUBLIC = join(ROOT, 'workers/operations/public')
const FOLDER = join(PUBLIC, 'docs/assets')
const CONSOLE = join(PUBLIC, 'console/assets')

/** The console's chart: the files of its package, and their names here. */
const CHART = /** @type {const} */ ([
  ['uPlot.iife.min.js', 'uplot.js'],
  ['uPlot.min.css', 'uplot.css'],
])

/** The renderer of @scalar/api-reference. That package installs 272 packages with it, this one sixteen. */
const PACKAGE = '@scalar/fastify-api-reference'

/**
 * Writes the script once for each version of its package. The file is always complete, by renaming: several programs may
 * write it at the same time.
 */
export const writePageAssets = async () => {
  copyWhole(join(ROOT, 'llms.txt'), join(PUBLIC, 'llms.txt'))
  for (const [from, to] of CHART) copyWhole(join(ROOT, 'node_modules/uplot/dist', from), join(CONSOLE, to))
  const script = join(FOLDER, 'scalar.js')
  const note = `/* ${PACKAGE} ${installedVersion()}, MIT */\n`
  if (firstBytes(script, note.length) === note) return
  const unfinished = `${script}.${process.pid}`
  writeFileSync(unfinished, note + (await scalarScript()))
  renameSync(unfinished, script)
}

/**
 * Copies only a file that differs: wrangler watches the folder, and would build again and again.
 * @param {string} from
 * @param {string} to
 */
const copyWhole = (from, to) => {
  if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) return
  mkdirSync(dirname(to), { recursive: true })
  const unfinished = `${to}.${process.pid}`
  copyFileSync(from, unfinished)
  renameSync(unfinished, to)
}

const manifest = z.object({ version: z.string() })

const installedVersion = () => {
  const entry = createRequire(import.meta.url).resolve(PACKAGE)
  return manifest.parse(JSON.parse(readFileSync(join(entry, '../../package.json'), 'utf8'))).version
}

/**
 * Not the whole file: the script has five megabytes, and this runs at every start.
 * @param {string} file
 * @param {number} count
 */
const firstBytes = (file, count) => {
  try {
    const opened = openSync(file, 'r')
    const bytes = Buffer.alloc(count)
    readSync(opened, bytes)
    closeSync(opened)
    return bytes.toString()
  } catch {
    return undefined
  }
}

/**
 * The package is a plugin for another web framework, and offers the script only as a route of it. So this registers the
 * plugin with a server of its own, and calls that one route.
 * @returns {Promise<string>}
 */
const scalarScript = async () => {
  const { default: plugin } = await import('@scalar/fastify-api-reference')
  /** @type {{ url: string, handler: (request: object, reply: object) => string }[]} */
  const routes = []
  const server = {
    initialConfig: {},
    hasPlugin: () => false,
    route: (/** @type {(typeof routes)[number]} */ route) => routes.push(route),
  }
  Reflect.apply(plugin, undefined, [server, { configuration: { url: '/openapi.json' } }, () => undefined])
  const script = routes.find(({ url }) => url.endsWith('.js'))
  if (script === undefined)
    throw new Failure(
      `The installed ${PACKAGE} has no route for its script.`,
      'Install the version of package-lock.json with npm ci. After an update of the package, adapt scripts/page-assets.mjs to its routes.',
    )
  const reply = { header: () => reply, send: (/** @type {string} */ text) => text }
  return script.handler({}, reply)
}
