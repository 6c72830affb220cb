// Files that the order Worker serves and that lie elsewhere: the script of /docs and /docs/events, which is in its npm
// package, and llms.txt, which is read in the tree as well.
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from './failure.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PUBLIC = join(ROOT, 'workers/order/public')
const FOLDER = join(PUBLIC, 'docs/assets')

/** The same renderer as in @scalar/api-reference, which would install 272 packages for it; this one needs sixteen. */
const PACKAGE = '@scalar/fastify-api-reference'

/** Writes the script once for each version of its package, and whole: several programs may do so at once. */
export const writePageAssets = async () => {
  copyWhole(join(ROOT, 'llms.txt'), join(PUBLIC, 'llms.txt'))
  const script = join(FOLDER, 'scalar.js')
  const note = `/* ${PACKAGE} ${installedVersion()}, MIT */\n`
  if (firstBytes(script, note.length) === note) return
  const unfinished = `${script}.${process.pid}`
  writeFileSync(unfinished, note + (await scalarScript()))
  renameSync(unfinished, script)
}

/**
 * Only where it differs: wrangler watches the folder, and would build again and again.
 * @param {string} from
 * @param {string} to
 */
const copyWhole = (from, to) => {
  if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) return
  const unfinished = `${to}.${process.pid}`
  copyFileSync(from, unfinished)
  renameSync(unfinished, to)
}

const installedVersion = () => {
  const entry = createRequire(import.meta.url).resolve(PACKAGE)
  return JSON.parse(readFileSync(join(entry, '../../package.json'), 'utf8')).version
}

/**
 * The script has five megabytes, and this runs at every start.
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
 * The package is a plugin for a server of another kind, which serves the script: ask it for that one route.
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
  if (script === undefined) throw new Failure(`${PACKAGE} serves no script any more.`, 'Look at its routes.')
  const reply = { header: () => reply, send: (/** @type {string} */ text) => text }
  return script.handler({}, reply)
}
