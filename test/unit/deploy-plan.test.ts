import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { planDeployment } from '../../scripts/deploy/plan.ts'
import { refuseMissingSecrets } from '../../scripts/deploy/refusals.ts'
import { EMPTY_ACCOUNT } from '../../scripts/deploy/survey.ts'
import type { Account, Worker } from '../../scripts/deploy/types.ts'
import { CONFIGS } from '../../scripts/wrangler.mjs'

const inventory = {
  config: 'workers/inventory/wrangler.toml',
  name: 'shop-inventory',
  vars: { STOCK_PARTITIONS: '2', DEFAULT_CURRENCY: 'USD' },
  queues: ['inventory-inbox', 'inventory-inbox-dlq', 'order-inbox'],
  consumes: ['inventory-inbox'],
  databases: [{ binding: 'INVENTORY_DB', name: 'inventory' }],
  buckets: [],
  hasStorageKey: false,
  isPublic: false,
  callsBank: false,
}
const payment = {
  config: 'workers/payment/wrangler.toml',
  name: 'shop-payment',
  vars: { ORDER_PARTITIONS: '2', DEFAULT_CURRENCY: 'USD' },
  queues: ['payment-inbox', 'payment-inbox-dlq', 'order-inbox'],
  consumes: ['payment-inbox'],
  databases: [{ binding: 'PAYMENTS_DB', name: 'payments' }],
  buckets: [],
  hasStorageKey: false,
  isPublic: false,
  callsBank: true,
}
const order = {
  config: 'wrangler.toml',
  name: 'shop',
  vars: { ORDER_PARTITIONS: '2', DEFAULT_CURRENCY: 'USD', CORS_ORIGINS: '', DEMO_CATALOGUE: 'false' },
  queues: ['order-inbox', 'order-inbox-dlq', 'inventory-inbox', 'payment-inbox'],
  consumes: ['order-inbox'],
  databases: [{ binding: 'ORDERS_DB', name: 'orders' }],
  buckets: [],
  hasStorageKey: true,
  isPublic: true,
  callsBank: false,
}

const workers: Worker[] = [inventory, payment, order]
const MADE_KEY = 'made'
const GOOD_KEY = 'b1946ac92492d2347c6235b4d2611184f0e9d8c7b6a594837261504f3e2d1c0b'
const chosen = { PAYMENT_GATEWAY: 'simulator', BOOTSTRAP_KEY: GOOD_KEY }

type Choice = { account?: Account; paymentGateway?: string }

const plan = (environment: Record<string, string>, { account = EMPTY_ACCOUNT, ...choice }: Choice = {}) =>
  planDeployment({ workers, account, makeKey: () => MADE_KEY, ...choice }, environment)

const planOf = (changed: Worker[], environment: Record<string, string>) =>
  planDeployment({ workers: changed, account: EMPTY_ACCOUNT, makeKey: () => MADE_KEY }, environment)

const stepsOf = (environment: Record<string, string>, choice?: Choice) => plan(environment, choice).steps

const commandsOf = (environment: Record<string, string>, choice?: Choice) =>
  stepsOf(environment, choice).map(({ command }) => command.join(' '))

/** All that the deployment makes, as a survey of the account finds it afterwards. */
const FULL_ACCOUNT: Account = {
  queues: new Set(workers.flatMap(({ queues }) => queues)),
  buckets: new Set(),
  hiddenBuckets: new Set(),
  databases: new Set(['inventory', 'payments', 'orders']),
  secretsOf: new Map([
    ['shop-inventory', new Set()],
    ['shop-payment', new Set()],
    ['shop', new Set(['BOOTSTRAP_KEY', 'STORAGE_KEY'])],
  ]),
  openMigrations: new Map([
    ['inventory', []],
    ['payments', ['0007_refunds.sql']],
    ['orders', []],
  ]),
}

const REASON =
  'There is no default on purpose: a shop must not give goods away on a simulated bank by accident.'

describe('choosing the payment gateway', () => {
  test('refuses to deploy without one', () => {
    expect(plan({ BOOTSTRAP_KEY: GOOD_KEY })).toMatchObject({
      refusal: `No payment gateway is chosen. Choose one of simulator, stripe: npm run deploy -- --payment-gateway simulator\n${REASON}`,
    })
  })

  test('refuses an unknown one and names those it knows', () => {
    expect(plan(chosen, { paymentGateway: 'acme' })).toMatchObject({
      refusal: `There is no payment gateway "acme". Choose one of simulator, stripe: npm run deploy -- --payment-gateway simulator\n${REASON}`,
    })
  })

  test('gives the chosen one to the Worker that calls the bank, and to the one that takes orders', () => {
    expect(commandsOf(chosen).filter((command) => command.includes('PAYMENT_GATEWAY'))).toEqual([
      'wrangler deploy -c workers/payment/wrangler.toml --var PAYMENT_GATEWAY:simulator',
      'wrangler deploy -c wrangler.toml --var PAYMENT_GATEWAY:simulator',
    ])
  })
})

describe('Stripe', () => {
  const stripe = { ...chosen, PAYMENT_GATEWAY: 'stripe', STRIPE_SECRET_KEY: 'sk_test_a' }

  test('gets its secret from the environment, and never on a command line', () => {
    expect(secretsOf(stripe, FULL_ACCOUNT)).toMatchObject({
      'workers/payment/wrangler.toml': { STRIPE_SECRET_KEY: 'sk_test_a' },
    })
    expect(commandsOf(stripe).join()).not.toContain('sk_test_a')
  })

  test('refuses to deploy without its secret', () => {
    expect(plan({ ...chosen, PAYMENT_GATEWAY: 'stripe' })).toMatchObject({
      refusal: expect.stringContaining('STRIPE_SECRET_KEY is neither in the environment nor on the Worker'),
    })
  })

  test('is in test mode only where the environment says so', () => {
    const isTestMode = (environment: Record<string, string>) =>
      commandsOf(environment).some((command) => command.includes('STRIPE_TEST_MODE:true'))
    expect([isTestMode(stripe), isTestMode({ ...stripe, STRIPE_TEST_MODE: 'true' })]).toEqual([false, true])
  })
})

describe('settings that several Workers have', () => {
  const withVars = (vars: Record<string, string>) => ({ ...payment, vars: { ...payment.vars, ...vars } })
  const refusal =
    'ORDER_PARTITIONS is "2" in wrangler.toml, but "2,4" in workers/payment/wrangler.toml.\n' +
    'Set the same value in every file that has the setting: these Workers must agree on it.'

  test('are the same in all, or nothing is deployed', () => {
    const differing = [inventory, withVars({ ORDER_PARTITIONS: '2,4' }), order]
    expect(planOf(differing, chosen)).toMatchObject({ refusal })
  })

  test('are named with every file, each setting in a line of its own', () => {
    const eur = { ...inventory, vars: { ...inventory.vars, DEFAULT_CURRENCY: 'EUR' } }
    const differing = [eur, withVars({ ORDER_PARTITIONS: '4', DEFAULT_CURRENCY: 'GBP' }), order]
    expect(planOf(differing, chosen)).toMatchObject({
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
    expect(planOf(shared, chosen)).toHaveProperty('refusal', undefined)
    expect(shared.map(({ vars }) => vars.DEFAULT_CURRENCY)).toEqual(CONFIGS.map(() => 'USD'))
  })
})

describe('the order of a deployment', () => {
  test('makes what the Workers are bound to before the Workers, and each thing once', () => {
    expect(commandsOf(chosen)).toEqual([
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
      'wrangler deploy -c wrangler.toml --var PAYMENT_GATEWAY:simulator',
    ])
  })

  test('takes the address from the Worker that the world can reach', () => {
    expect(
      stepsOf(chosen)
        .filter(({ isPublic }) => isPublic)
        .map(({ title }) => title),
    ).toEqual(['Deploy the Worker shop, which is new, and set BOOTSTRAP_KEY and STORAGE_KEY'])
  })
})

describe('running it again', () => {
  test('leaves out all that exists, and applies the migrations that are new', () => {
    const todo = stepsOf(chosen, { account: FULL_ACCOUNT }).filter(({ existing }) => existing === undefined)
    expect(todo.map(({ title }) => title)).toEqual([
      'Migrate the database payments: 0007_refunds.sql',
      'Deploy the Worker shop-inventory',
      'Deploy the Worker shop-payment',
      'Deploy the Worker shop, and set BOOTSTRAP_KEY',
    ])
  })

  const step = (title: string) => stepsOf(chosen).find((candidate) => candidate.title === title)

  test.each([
    [
      'Create the queue order-inbox',
      "Queue name 'order-inbox' is already taken. Please use a different name and try again. [code: 11009]",
    ],
    ['Create the database orders', 'A database with that name already exists'],
  ])('%s: what was made in the meantime is fine, and any other failure stops it', (title, message) => {
    expect(step(title)?.tolerate?.test(message)).toBe(true)
    expect(step(title)?.tolerate?.test('Authentication error [code: 10000]')).toBe(false)
  })

  test.each([['Migrate the database orders'], ['Deploy the Worker shop-inventory, which is new']])(
    '%s: has no failure that is fine',
    (title) => {
      expect(step(title)).toBeDefined()
      expect(step(title)?.tolerate).toBeUndefined()
    },
  )
})

const secretsOf = (environment: Record<string, string>, account?: Account) =>
  Object.fromEntries(
    stepsOf(environment, account && { account }).flatMap(({ secrets, command }) =>
      secrets && Object.keys(secrets).length > 0 ? [[command[command.indexOf('-c') + 1], secrets]] : [],
    ),
  )

describe('the first API key', () => {
  test('goes from the environment to the order Worker, and never on a command line', () => {
    expect(secretsOf(chosen, FULL_ACCOUNT)).toEqual({ 'wrangler.toml': { BOOTSTRAP_KEY: GOOD_KEY } })
    expect(commandsOf(chosen).join()).not.toContain(GOOD_KEY)
    expect(stepsOf(chosen).map(({ show }) => show)).toEqual(stepsOf(chosen).map(() => undefined))
  })

  test('is made and shown where neither the environment nor the Worker has one', () => {
    const withoutKey = { PAYMENT_GATEWAY: 'simulator' }
    expect(secretsOf(withoutKey)).toEqual({
      'wrangler.toml': { BOOTSTRAP_KEY: MADE_KEY, STORAGE_KEY: MADE_KEY },
    })
    expect(stepsOf(withoutKey).flatMap(({ show }) => show ?? [])).toEqual([
      `The first API key, with every scope. It is shown only now: keep it safe.\n\n    ${MADE_KEY}\n`,
    ])
  })

  test('of a deployed Worker stays', () => {
    expect(secretsOf({ PAYMENT_GATEWAY: 'simulator' }, FULL_ACCOUNT)).toEqual({})
  })

  test('is refused where it is the development key, which is in the repository', () => {
    expect(plan({ ...chosen, BOOTSTRAP_KEY: 'dev-admin-key' })).toMatchObject({
      refusal:
        'BOOTSTRAP_KEY is the development key, which is public in the repository. Make another key: export BOOTSTRAP_KEY="$(openssl rand -hex 32)"',
    })
  })

  test.each([
    ['short', 'first-key', 'has fewer than 32 characters'],
    ['a word again and again', 'password'.repeat(8), 'has fewer than 8 different characters'],
    ['nothing that a header carries', `${GOOD_KEY} `, 'has characters that a header cannot carry'],
  ])('is refused where it is %s', (_, BOOTSTRAP_KEY, fault) => {
    expect(plan({ ...chosen, BOOTSTRAP_KEY })).toMatchObject({
      refusal: expect.stringMatching(
        new RegExp(`^BOOTSTRAP_KEY ${fault}.*\\. Make another key: .*\n.*unset BOOTSTRAP_KEY$`),
      ),
    })
  })
})

describe('STORAGE_KEY', () => {
  test.each([
    ['STORAGE_KEY', true],
    ['STORAGE_KEY_2', true],
    ['OLD_STORAGE_KEY', false],
    ['STORAGE_KEY_OLD', false],
  ])('is made only for a Worker that keeps secrets and has none: %s is one: %o', (name, isOne) => {
    const account = { ...FULL_ACCOUNT, secretsOf: new Map([['shop', new Set([name, 'BOOTSTRAP_KEY'])]]) }
    expect(secretsOf({ PAYMENT_GATEWAY: 'simulator' }, account)).toEqual(
      isOne ? {} : { 'wrangler.toml': { STORAGE_KEY: MADE_KEY } },
    )
  })
})

describe('a secret that only a person knows', () => {
  const needs = (environment: Record<string, string>, account = EMPTY_ACCOUNT) =>
    refuseMissingSecrets({ workers, account, bankSecrets: ['BANK_KEY', 'BANK_TOKEN'] }, environment)

  test('is named, with the commands that set it', () => {
    expect(needs({ BANK_TOKEN: 'x' })).toBe(
      'BANK_KEY is neither in the environment nor on the Worker shop-payment.\nSet what is missing, and deploy again:\n  read -rs BANK_KEY && export BANK_KEY',
    )
    expect(needs({})).toContain('BANK_KEY and BANK_TOKEN are neither')
  })

  test('may be on the deployed Worker', () => {
    const secrets = new Map([['shop-payment', new Set(['BANK_KEY', 'BANK_TOKEN'])]])
    expect(needs({}, { ...EMPTY_ACCOUNT, secretsOf: secrets })).toBeUndefined()
  })
})

describe('a demo', () => {
  test.each(['true', true])('has no plan: DEMO_CATALOGUE is %o', (DEMO_CATALOGUE) => {
    expect(planOf([inventory, payment, { ...order, vars: { DEMO_CATALOGUE } }], chosen)).toEqual({
      steps: [],
      refusal:
        'DEMO_CATALOGUE is "true" in wrangler.toml, so that the key in the repository opens everything. Set it to "false" there. On this machine .dev.vars sets it to true.',
    })
  })
})
