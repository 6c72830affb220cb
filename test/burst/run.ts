// `npm run burst`: thousands of orders at once on the whole system as a user starts it; all must settle.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSystem } from '../crash/system.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'
import { runBurst } from './burst.ts'

const ORDERS_MAX = 100_000
const ROUNDS_MAX = 100

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '12000' },
      rounds: { type: 'string', default: '1' },
    },
  })
  const orders = wholeNumber('--orders', values.orders, ORDERS_MAX)
  const rounds = wholeNumber('--rounds', values.rounds, ROUNDS_MAX)
  const temporary = mkdtempSync(join(tmpdir(), 'edge-orders-burst-'))
  const port = await freePort()
  const system = createSystem({ port, stateDir: join(temporary, 'state'), tempDir: join(temporary, 'tmp') })
  process.once('exit', () => {
    system.killNow()
    rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })
  const life = system.start()
  await life.ready
  const url = `http://127.0.0.1:${port}`
  const burst = { url, apiKey: readDevelopmentKey(), orders, group: life.group }
  for (let round = 1; round <= rounds; round += 1) {
    const { isGood } = await runBurst(burst)
    if (!isGood) return 1
  }
  return 0
}

const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new Error(`${name} is "${text}": it must be a whole number from 1 to ${most}.`)
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130))

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  },
)
