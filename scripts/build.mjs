// What wrangler runs before it bundles the order Worker, whoever types the command: `[build]` in wrangler.toml.
// It has to run on a bare system Node, and before `npm ci`.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Failure } from './failure.mjs'

const main = async () => {
  requireDependencies()
  const { writePageAssets } = await import('./page-assets.mjs')
  await writePageAssets()
  await PREPARATIONS[process.env.WRANGLER_COMMAND ?? '']?.()
}

/** Without them the bundler names a hundred modules that it cannot find. */
const requireDependencies = () => {
  if (existsSync(fileURLToPath(new URL('../node_modules/hono', import.meta.url)))) return
  throw new Failure('The dependencies are not installed.', 'Run npm ci, and then the same command again.')
}

const dev = async () => {
  const { makeDevVarsUnlessChosen } = await import('./dev-vars.mjs')
  makeDevVarsUnlessChosen()
  await warnOfSystem().catch(() => undefined)
}

/** Which state folder this wrangler will use is not told to us; most often it is the one of npm start. */
const warnOfSystem = async () => {
  if (process.env.EDGE_ORDERS_RUN) return
  const { ownerOf } = await import('./start/state-folder.mjs')
  const { readSettings, shortPath } = await import('./start/settings.mjs')
  const { stateDir } = readSettings({})
  const owner = ownerOf(stateDir)
  if (owner === undefined) return
  console.log(`Another system runs on the state in ${shortPath(stateDir)}: process ${owner.pid}, on port ${owner.port}.
Two on one state serve the same orders twice: stop that one, or give this one another folder with --persist-to.`)
}

const deploy = async () => {
  const { checkDeployment } = await import('./single-deployment.mjs')
  checkDeployment(process.env)
}

/** @type {Record<string, () => Promise<void>>} */
const PREPARATIONS = { dev, deploy, 'versions upload': deploy }

main().catch((error) => {
  console.error(error instanceof Failure ? error.message : error)
  process.exit(1)
})
