// `npm run demo`: puts the demo products into a system that `npm start` did not start.
import { Failure } from './failure.mjs'
import { findTarget } from './ops/target.ts'
import { seedDemoCatalogue } from './start/demo-catalogue.mjs'
import { readSettings } from './start/settings.mjs'

const DONE_WITHIN_MS = 30_000

const main = async () => {
  const { url, key } = findTarget({}, process.env)
  const server = { origin: new URL(url).origin, key, deadline: AbortSignal.timeout(DONE_WITHIN_MS) }
  await seedDemoCatalogue(server, readSettings(process.env).stateDir)
  console.log(`${server.origin} has a catalogue: see ${server.origin}/products`)
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Failure ? error.message : error)
  process.exit(1)
})
