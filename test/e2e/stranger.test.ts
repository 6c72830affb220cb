import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

let folder: string
let env: typeof process.env

beforeAll(async () => {
  const system = await sharedSystem()
  await openShop(system).stock('P001', 1_000)
  folder = await mkdtemp(join(tmpdir(), 'edge-orders-stranger-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  env = {
    ...process.env,
    EDGE_ORDERS_URL: new URL(await system.address()).origin,
    EDGE_ORDERS_KEY: 'test-admin-key',
  }
})

afterAll(() => rm(folder, { recursive: true }))

it('who has nothing but /openapi.json can write a program that compiles, places an order and sees it settled', async () => {
  const program = await write({
    'shop.ts': STRANGERS_PROGRAM,
    'tsconfig.json': STRANGERS_PROJECT,
    'package.json': '{ "type": "module" }',
  })
  await node(
    'node_modules/openapi-typescript/bin/cli.js',
    `${env['EDGE_ORDERS_URL']}/openapi.json`,
    '-o',
    'api.ts',
  )
  await node('node_modules/.bin/tsc', '-p', 'tsconfig.json')
  expect(await node(program)).toBe('confirmed, 100 USD captured\n')
})

/** Writes files into the folder; returns the first one's name. */
const write = async (files: Record<string, string>): Promise<string> => {
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  return Object.keys(files)[0] ?? ''
}

/** What the program printed; one that fails is rejected with all it said. */
const node = async (...args: string[]): Promise<string> => {
  const program = run(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: folder,
    env,
  })
  const { stdout } = await program.catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`, { cause: error })
  })
  return stdout
}

const STRANGERS_PROGRAM = `import createClient from 'openapi-fetch'
import type { paths } from './api.ts'

const api = createClient<paths>({
  baseUrl: process.env['EDGE_ORDERS_URL'] ?? '',
  headers: { authorization: \`Bearer \${process.env['EDGE_ORDERS_KEY']}\` },
})

const placed = await api.POST('/orders', { body: { items: [{ productId: 'P001', quantity: 2 }] } })
if (placed.error) throw new Error(\`\${placed.error.code}: \${placed.error.detail}\`)

const path = { orderId: placed.data.orderId }
for (let reads = 0; reads < 300; reads += 1) {
  const { data: order } = await api.GET('/orders/{orderId}', { params: { path } })
  if (order?.settledAt) {
    console.log(\`\${order.status}, \${order.payment.capturedAmount} \${order.currency} captured\`)
    break
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
}

export const wrong = () => api.POST('/orders', {
  // @ts-expect-error a quantity is a number
  body: { items: [{ productId: 'P001', quantity: 'two' }] },
})
`

const STRANGERS_PROJECT = JSON.stringify({
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: ['node'],
    module: 'nodenext',
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  },
  files: ['shop.ts'],
})
