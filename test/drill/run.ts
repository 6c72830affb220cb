// `npm run drill -- streams`, `lists`, `neighbours`, `stored`, `console`, `overload`, `partition`, `memory`, `bridge` or `retention`: a flood on the whole system as a user starts it, with figures.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSystem, type System } from '../crash/system.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'
import { measureBridges } from './bridge-rates.ts'
import { openConsoleAmongOrders } from './console-among-orders.ts'
import { holdStreams } from './five-thousand-streams.ts'
import { letOrdersLeave } from './leaving-orders.ts'
import { listAmongOrders } from './lists-among-orders.ts'
import { serveAmongStoredOrders } from './many-stored-orders.ts'
import { weighMemory } from './memory.ts'
import { placeBesideFlood } from './neighbours.ts'
import { sendPastCapacity, sendPastPartition } from './past-capacity.ts'

const DRILLS = {
  streams: { run: holdStreams, count: 5_000, countMax: 10_000 },
  lists: { run: listAmongOrders, count: 100_000, countMax: 1_000_000 },
  stored: { run: serveAmongStoredOrders, count: 1_000_000, countMax: 2_000_000 },
  console: { run: openConsoleAmongOrders, count: 200_000, countMax: 2_000_000 },
  neighbours: { run: placeBesideFlood, count: 2_000, countMax: 10_000 },
  /** `count` is the seconds of each load. */
  overload: { run: sendPastCapacity, count: 60, countMax: 600 },
  partition: { run: sendPastPartition, count: 60, countMax: 600 },
  memory: { run: weighMemory, count: 12_000, countMax: 200_000 },
  bridge: { run: measureBridges, count: 2_000, countMax: 100_000 },
  retention: { run: letOrdersLeave, count: 100_000, countMax: 500_000 },
}

const isDrill = (name: string): name is keyof typeof DRILLS => name in DRILLS

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string' }, rate: { type: 'string', default: '100' } },
  })
  const [name = 'streams'] = positionals
  if (!isDrill(name)) throw new Error(`There is no drill ${name}, but ${Object.keys(DRILLS).join(', ')}.`)
  const drill = DRILLS[name]
  const count = Math.min(Number(values.count ?? drill.count), drill.countMax)
  const temporary = mkdtempSync(join(tmpdir(), 'edge-orders-drill-'))
  const systems: System[] = []
  process.once('exit', () => {
    for (const system of systems) system.killNow()
    rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })
  /** A system with its own port and state, not started yet. */
  const systemIn = async (folder: string) => {
    const port = await freePort()
    const stateDir = join(temporary, folder)
    const system = createSystem({ port, stateDir, tempDir: join(temporary, `${folder}-tmp`) })
    systems.push(system)
    return { system, url: `http://127.0.0.1:${port}`, stateDir }
  }
  const first = await systemIn('state')
  const drilled = { ...first, systemIn, key: readDevelopmentKey(), count, rate: Number(values.rate) }
  await drill.run(drilled)
  return 0
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130))

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  },
)
