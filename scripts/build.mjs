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
