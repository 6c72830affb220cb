// `npm run demo`: the demo products for a system that was not started with `npm start`.
import { Failure } from './failure.mjs'
import { findTarget } from './ops/target.ts'
import { seedDemoCatalogue } from './start/demo-catalogue.mjs'
import { readSettings } from './start/settings.mjs'

const DONE_WITHIN_MS = 30_000

const main = async () => {
  const { url, key } = findTarget({}, process.env)
  const server = { origin: new URL(url).origin, key, deadline: AbortSignal.timeout(DONE_WITHIN_MS) }
  await seedDemoCatalogue(server, readSettings(process.env).stateDir)
  console.log(`${server.origin} has a catalogue; ${server.origin}/products shows it.`)
}

main().catch((error) => {
  console.error(error instanceof Failure ? error.message : error)
  process.exit(1)
})
