import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { planDeployment } from '../../scripts/deploy/plan.ts'
import { STORAGE_KEY } from '../../scripts/deploy/steps.ts'
import { CONFIGS } from '../../scripts/wrangler.mjs'

const inventory = {
  config: 'workers/inventory/wrangler.toml',
  vars: { STOCK_PARTITIONS: '2', DEFAULT_CURRENCY: 'USD' },
  queues: ['inventory-inbox', 'inventory-inbox-dlq', 'order-inbox'],
  databases: [{ binding: 'INVENTORY_DB', name: 'inventory' }],
  secrets: [],
  hasStorageKey: false,
  isPublic: false,
  callsBank: false,
}
const payment = {
  config: 'workers/payment/wrangler.toml',
  vars: { ORDER_PARTITIONS: '2', DEFAULT_CURRENCY: 'USD' },
  queues: ['payment-inbox', 'payment-inbox-dlq', 'order-inbox'],
  databases: [{ binding: 'PAYMENTS_DB', name: 'payments' }],
  secrets: [],
  hasStorageKey: false,
  isPublic: false,
  callsBank: true,
}
const order = {
  config: 'wrangler.toml',
  vars: { ORDER_PARTITIONS: '2', DEFAULT_CURRENCY: 'USD', CORS_ORIGINS: '', DEMO_CATALOGUE: 'false' },
  queues: ['order-inbox', 'order-inbox-dlq', 'inventory-inbox', 'payment-inbox'],
  databases: [{ binding: 'ORDERS_DB', name: 'orders' }],
  secrets: ['BOOTSTRAP_KEY'],
  hasStorageKey: true,
  isPublic: true,
  callsBank: false,
}

const workers = [inventory, payment, order]
const GOOD_KEY = 'b1946ac92492d2347c6235b4d2611184f0e9d8c7b6a594837261504f3e2d1c0b'
const chosen = { PAYMENT_GATEWAY: 'simulator', BOOTSTRAP_KEY: GOOD_KEY }

type Choice = { isDryRun?: boolean; paymentGateway?: string }

const plan = (environment: Record<string, string>, choice: Choice = {}) =>
  planDeployment({ workers, isDryRun: false, ...choice }, environment)

const stepsOf = (environment: Record<string, string>, choice?: Choice) => {
  const planned = plan(environment, choice)
  if ('refusal' in planned) throw new Error(planned.refusal)
  return planned.steps
}

const commandsOf = (environment: Record<string, string>, choice?: Choice) =>
  stepsOf(environment, choice).map(({ command }) => command.join(' '))

const REASON =
  'There is no default on purpose: a shop must not give goods away on a simulated bank by accident.'

describe('choosing the payment gateway', () => {
  test('refuses to deploy without one', () => {
    expect(plan({ BOOTSTRAP_KEY: GOOD_KEY })).toEqual({
      refusal: `No payment gateway is chosen. Choose one of simulator: npm run deploy -- --payment-gateway simulator\n${REASON}`,
    })
  })

  test('refuses an unknown one and names those it knows', () => {
    expect(plan(chosen, { paymentGateway: 'acme' })).toEqual({
      refusal: `There is no payment gateway "acme". Choose one of simulator: npm run deploy -- --payment-gateway simulator\n${REASON}`,
    })
  })

  test('gives the chosen one to the Worker that calls the bank, and to no other', () => {
    expect(commandsOf(chosen).filter((command) => command.includes('PAYMENT_GATEWAY'))).toEqual([
      'wrangler deploy -c workers/payment/wrangler.toml --var PAYMENT_GATEWAY:simulator',
    ])
  })
})

describe('settings that several Workers have', () => {
  const withVars = (vars: Record<string, string>) => ({ ...payment, vars: { ...payment.vars, ...vars } })
  const refusal =
    'ORDER_PARTITIONS is "2" in wrangler.toml, but "2,4" in workers/payment/wrangler.toml.\n' +
    'Set the same value in every file that has the setting: these Workers must agree on it.'

  test('are the same in all, or nothing is deployed', () => {
    const differing = [inventory, withVars({ ORDER_PARTITIONS: '2,4' }), order]
    expect(planDeployment({ workers: differing, isDryRun: false }, chosen)).toEqual({ refusal })
    expect(planDeployment({ workers: differing, isDryRun: true }, chosen)).toHaveProperty('notes', [refusal])
  })

  test('are named with every file, each setting in a line of its own', () => {
    const eur = { ...inventory, vars: { ...inventory.vars, DEFAULT_CURRENCY: 'EUR' } }
    const differing = [eur, withVars({ ORDER_PARTITIONS: '4', DEFAULT_CURRENCY: 'GBP' }), order]
    expect(planDeployment({ workers: differing, isDryRun: false }, chosen)).toEqual({
      refusal: [
        'DEFAULT_CURRENCY is "USD" in wrangler.toml, but "EUR" in workers/inventory/wrangler.toml and "GBP" in workers/payment/wrangler.toml.',
        'ORDER_PARTITIONS is "2" in wrangler.toml, but "4" in workers/payment/wrangler.toml.',
        'Set the same value in every file that has the setting: these Workers must agree on it.',
      ].join('\n'),
    })
  })

  test('are the same in the files of this project', () => {
    const shared = CONFIGS.map((config) => {
      const { vars } = parse(readFileSync(config, 'utf8')) as { vars: Record<string, string> }
      return { ...order, config, vars }
    })
    expect(planDeployment({ workers: shared, isDryRun: true }, chosen)).toHaveProperty('notes', [])
    expect(shared.map(({ vars }) => vars.DEFAULT_CURRENCY)).toEqual(['USD', 'USD', 'USD', 'USD'])
  })
})

describe('the order of a deployment', () => {
  test('makes what the Workers are bound to before the Workers, and each thing once', () => {
    expect(commandsOf(chosen)).toEqual([
      'wrangler secret list -c wrangler.toml',
      'wrangler queues create inventory-inbox',
      'wrangler queues create inventory-inbox-dlq',
      'wrangler queues create order-inbox',
      'wrangler queues create payment-inbox',
      'wrangler queues create payment-inbox-dlq',
      'wrangler queues create order-inbox-dlq',
      'wrangler d1 create inventory',
      'wrangler d1 create payments',
      'wrangler d1 create orders',
      'wrangler d1 migrations apply INVENTORY_DB --remote -c workers/inventory/wrangler.toml',
      'wrangler d1 migrations apply PAYMENTS_DB --remote -c workers/payment/wrangler.toml',
      'wrangler d1 migrations apply ORDERS_DB --remote -c wrangler.toml',
      'wrangler deploy -c workers/inventory/wrangler.toml',
      'wrangler deploy -c workers/payment/wrangler.toml --var PAYMENT_GATEWAY:simulator',
      'wrangler deploy -c wrangler.toml',
    ])
  })

  test('takes the address from the Worker that the world can reach', () => {
    expect(
      stepsOf(chosen)
        .filter(({ isPublic }) => isPublic)
        .map(({ title }) => title),
    ).toEqual(['Deploy wrangler.toml'])
  })
})

describe('running it again', () => {
  const step = (title: string) => stepsOf(chosen).find((candidate) => candidate.title === title)

  test.each([
    [
      'Create the queue order-inbox',
      "Queue name 'order-inbox' is already taken. Please use a different name and try again. [code: 11009]",
    ],
    ['Create the database orders', 'A database with that name already exists'],
  ])('%s: what exists already is fine', (title, message) => {
    expect(step(title)?.tolerate?.test(message)).toBe(true)
  })

  test.each([['Create the queue order-inbox'], ['Create the database orders']])(
    '%s: any other failure stops it',
    (title) => {
      expect(step(title)?.tolerate?.test('Authentication error [code: 10000]')).toBe(false)
    },
  )

  test.each([['Migrate ORDERS_DB'], ['Deploy wrangler.toml']])('%s: has no failure that is fine', (title) => {
    expect(step(title)?.tolerate).toBeUndefined()
  })
})

describe('the first API key', () => {
  test('goes from the environment to the order Worker, by name and never on a command line', () => {
    const steps = stepsOf(chosen)
    expect(
      steps.filter(({ secrets }) => secrets?.length).map(({ title, secrets }) => ({ title, secrets })),
    ).toEqual([{ title: 'Deploy wrangler.toml', secrets: ['BOOTSTRAP_KEY'] }])
    expect(JSON.stringify(steps)).not.toContain(GOOD_KEY)
  })

  test('is refused where it is the development key, which is in the repository', () => {
    expect(plan({ ...chosen, BOOTSTRAP_KEY: 'dev-admin-key' })).toEqual({
      refusal:
        'BOOTSTRAP_KEY is the development key, which is public in the repository. Make another key: export BOOTSTRAP_KEY="$(openssl rand -hex 32)"',
    })
  })

  test.each([
    ['short', 'first-key', 'has fewer than 32 characters'],
    ['a word again and again', 'password'.repeat(8), 'has fewer than 8 different characters'],
    ['nothing that a header carries', `${GOOD_KEY} `, 'has characters that a header cannot carry'],
  ])('is refused where it is %s', (_, BOOTSTRAP_KEY, fault) => {
    expect(plan({ ...chosen, BOOTSTRAP_KEY })).toEqual({
      refusal: expect.stringMatching(
        new RegExp(`^BOOTSTRAP_KEY ${fault}.*\\. Make another key: .*\n.*unset BOOTSTRAP_KEY$`),
      ),
    })
  })

  test('is looked for on the deployed Worker before anything else when the environment has none', () => {
    const [first, ...others] = stepsOf({ PAYMENT_GATEWAY: 'simulator' })
    expect(first?.command.join(' ')).toBe('wrangler secret list -c wrangler.toml')
    expect(first?.expect?.test('[{ "name": "BOOTSTRAP_KEY", "type": "secret_text" }]')).toBe(true)
    expect(first?.expect?.test('[{ "name": "OTHER_KEY", "type": "secret_text" }]')).toBe(false)
    expect(others.flatMap(({ secrets }) => secrets ?? [])).toEqual([])
  })
})

describe('STORAGE_KEY', () => {
  const looks = stepsOf(chosen).filter(({ looksForKeyOf }) => looksForKeyOf !== undefined)
  const makes = stepsOf(chosen).filter(({ makesKeyOf }) => makesKeyOf !== undefined)

  test('is looked for on each Worker that keeps secrets, and made with the deployment of that Worker', () => {
    expect(looks.map(({ looksForKeyOf }) => looksForKeyOf)).toEqual(['wrangler.toml'])
    expect(makes.map(({ title, makesKeyOf }) => [title, makesKeyOf])).toEqual([
      ['Deploy wrangler.toml', 'wrangler.toml'],
    ])
  })

  test.each([
    ['[{ "name": "STORAGE_KEY", "type": "secret_text" }]', true],
    ['[{ "name": "BOOTSTRAP_KEY" }, { "name": "STORAGE_KEY_2" }]', true],
    ['[{ "name": "BOOTSTRAP_KEY" }]', false],
    ['[{ "name": "OLD_STORAGE_KEY" }]', false],
    ['[]', false],
  ])('is there in %s: %o', (list, isThere) => {
    expect(STORAGE_KEY.test(list)).toBe(isThere)
  })

  test('is made for a Worker that is not there yet; any other failure stops the deployment', () => {
    const notThere =
      'Worker "edge-orders-payment" not found.\n\nIf this is a new Worker, run `wrangler deploy` first'
    expect(looks[0]?.tolerate?.test(notThere)).toBe(true)
    expect(looks[0]?.tolerate?.test('Authentication error [code: 10000]')).toBe(false)
  })
})

describe('a demo', () => {
  test.each([
    ['true', false],
    ['true', true],
    [true, false],
  ])('is not deployed: DEMO_CATALOGUE is %o, in a dry run %o', (DEMO_CATALOGUE, isDryRun) => {
    const demo = { ...order, vars: { DEMO_CATALOGUE } }
    expect(planDeployment({ workers: [inventory, payment, demo], isDryRun }, chosen)).toEqual({
      refusal:
        'DEMO_CATALOGUE is "true" in wrangler.toml, so that the key in the repository opens everything. Set it to "false" there. On this machine .dev.vars sets it to true.',
    })
  })
})

describe('a dry run', () => {
  test('builds every Worker, needs nothing, and says that the gateway is missing', () => {
    expect(commandsOf({}, { isDryRun: true })).toEqual([
      'wrangler deploy --dry-run -c workers/inventory/wrangler.toml',
      'wrangler deploy --dry-run -c workers/payment/wrangler.toml',
      'wrangler deploy --dry-run -c wrangler.toml',
    ])
    expect(plan({}, { isDryRun: true })).toHaveProperty('notes', [
      expect.stringContaining('No payment gateway is chosen.'),
    ])
  })

  test('has nothing to say when the gateway is chosen', () => {
    expect(plan(chosen, { isDryRun: true })).toHaveProperty('notes', [])
  })
})
