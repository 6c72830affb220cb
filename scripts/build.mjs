// Wrangler runs this before it bundles the order Worker, for every wrangler command: see `[build]` in wrangler.toml.
// Before it bundles the operations Worker it runs this with the argument `page-assets`, which only makes static files.
// It must run on a system Node from version 20 on, and before `npm ci`.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from './failure.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const main = async () => {
  requireDependencies()
  const { writePageAssets } = await import('./page-assets.mjs')
  await writePageAssets()
  if (process.argv.includes('page-assets')) return
  await PREPARATIONS[process.env.WRANGLER_COMMAND ?? '']?.()
}

/** Without this check the bundler lists a hundred modules that it cannot find. */
const requireDependencies = () => {
  if (existsSync(join(ROOT, 'node_modules/hono'))) return
  throw new Failure('The dependencies are not installed.', 'Run npm ci, and then run the same command again.')
}

const dev = async () => {
  const { makeDevVarsUnlessChosen } = await import('./dev-vars.mjs')
  makeDevVarsUnlessChosen()
  await warnOfSystem().catch(() => undefined)
}

/** Wrangler does not tell which state folder it will use. Most often it is the folder of npm start. */
const warnOfSystem = async () => {
  if (process.env.EDGE_ORDERS_RUN) return
  const { ownerOf } = await import('./start/state-folder.mjs')
  const { readSettings, shortPath } = await import('./start/settings.mjs')
  const { stateDir } = readSettings({})
  const owner = ownerOf(stateDir)
  if (owner === undefined) return
  console.log(`Another system runs on the state in ${shortPath(stateDir)}: process ${owner.pid}, on port ${owner.port}.
Two systems on one state process the same orders twice. Stop the other system, or give this one another folder with --persist-to.`)
}

const deploy = async () => {
  const { checkDeployment } = await import('./single-deployment.mjs')
  checkDeployment(process.env)
}

/** @type {Record<string, () => Promise<void>>} */
const PREPARATIONS = { dev, deploy, 'versions upload': deploy }

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Failure ? error.message : error)
  process.exit(1)
})
