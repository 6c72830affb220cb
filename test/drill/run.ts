// `npm run drill -- streams` or `lists`: a flood on the whole system as a user starts it, with figures.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSystem } from '../crash/system.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'
import { holdStreams } from './five-thousand-streams.ts'
import { listAmongOrders } from './lists-among-orders.ts'

const DRILLS = {
  streams: { run: holdStreams, count: 5_000, countMax: 10_000 },
  lists: { run: listAmongOrders, count: 100_000, countMax: 1_000_000 },
}

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string' } },
  })
  const drill = DRILLS[positionals[0] === 'lists' ? 'lists' : 'streams']
  const count = Math.min(Number(values.count ?? drill.count), drill.countMax)
  const temporary = mkdtempSync(join(tmpdir(), 'edge-orders-drill-'))
  const port = await freePort()
  const stateDir = join(temporary, 'state')
  const system = createSystem({ port, stateDir, tempDir: join(temporary, 'tmp') })
  process.once('exit', () => {
    system.killNow()
    rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })
  await drill.run({ system, url: `http://127.0.0.1:${port}`, key: readDevelopmentKey(), stateDir, count })
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
