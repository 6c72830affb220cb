// `npm run fuzz`: every call of /openapi.json with good, bad and hostile input; the document must promise each response.
import '../support/quiet-wrangler.ts'
import { parseArgs } from 'node:util'
import { SCOPES } from '../../src/contracts/caller.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { createApiKey } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'
import { fuzz } from './fuzz.ts'
import { PRODUCTS, UNIT_PRICE } from './hints.ts'

const USAGE = 'npm run fuzz -- --requests N --seed S'
const REQUESTS_MAX = 10_000_000
const SEED_MAX = 2 ** 31
const ON_HAND = 100_000_000

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '5000' },
      seed: { type: 'string', default: String(Date.now() % SEED_MAX) },
    },
  })
  const requests = wholeNumber('--requests', values.requests, REQUESTS_MAX)
  const seed = wholeNumber('--seed', values.seed, SEED_MAX)
  const system = await startSystem()
  try {
    print(`seed ${seed}, ${requests} requests`)
    const keys = await prepare(system)
    const found = await fuzz({ address: await system.address(), requests, seed, keys, print })
    for (const line of countsOf(found.byCall)) print(line)
    print(`${found.overload} responses of overload, ${found.leaks} leaks`)
    const { operations, unexpected, mismatches } = found
    print(
      `${requests} requests, ${operations} operations, ${unexpected} unexpected 5xx, ${mismatches} schema mismatches`,
    )
    return unexpected + mismatches + found.overload + found.leaks === 0 ? 0 : 1
  } finally {
    await system.close()
  }
}

const print = (line: string): void => console.log(line)

/** Data to work on: stock, keys, and dead letters, which no request from outside can make. */
const prepare = async (system: System) => {
  const shop = openShop(system)
  for (const productId of PRODUCTS) await shop.stock(productId, ON_HAND, UNIT_PRICE)
  const client = await createApiKey(
    system,
    'fuzz',
    SCOPES.filter((scope) => scope !== 'operations'),
  )
  const reader = await createApiKey(system, 'fuzz-reader', ['orders:read'])
  const poison = {
    specversion: '1.0',
    type: 'OrderPlaced',
    source: '/fuzz',
    data: { payment: { token: 'tok_fuzz_dead' } },
  }
  for (const id of ['one', 'two', 'three']) await system.send('inventory-inbox', [{ ...poison, id }])
  await eventually(
    () => shop.call('/dead-letters'),
    ({ body }) => body.items.length > 0,
  )
  return { operator: 'test-admin-key', client: client.key, reader: reader.key }
}

function* countsOf(byCall: ReadonlyMap<string, ReadonlyMap<number, number>>) {
  const sums = new Map<number, number>()
  for (const [call, statuses] of byCall) {
    for (const [status, times] of statuses) sums.set(status, (sums.get(status) ?? 0) + times)
    yield `${call.padEnd(22)} ${shown(statuses)}`
  }
  yield `${'all'.padEnd(22)} ${shown(sums)}`
}

const shown = (statuses: ReadonlyMap<number, number>): string =>
  [...statuses]
    .toSorted(([left], [right]) => left - right)
    .map(([status, times]) => `${status}: ${times}`)
    .join('  ')

const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new Error(`${name} is "${text}": it must be a whole number up to ${most}. ${USAGE}`)
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130))

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error)
    process.exit(2)
  },
)
