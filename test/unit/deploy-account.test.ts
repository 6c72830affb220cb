import { beforeEach, describe, expect, test } from 'vitest'
import { type DeploymentOptions, deploySystem } from '../../scripts/deploy/deploy-system.ts'
import { destroySystem } from '../../scripts/deploy/destroy-system.ts'
import type { Wrangler } from '../../scripts/deploy/types.ts'
import { readWorkers } from '../../scripts/deploy/workers.ts'
import { emptyAccount, type StandInAccount, standInWrangler } from '../support/stand-in-wrangler.ts'

const workers = readWorkers()
const PUBLIC = 'edge-orders'
const ENVIRONMENT = { PAYMENT_GATEWAY: 'simulator' }

/** A command that fails before or after it has changed the account. */
type Failing = { at: number; when: 'before' | 'after' }

const PLATFORM_FAILURE = 'A request to the Cloudflare API failed. internal error [code: 10013]'

const ADDRESS = 'https://shop.example'

const wranglerFor = (
  account: StandInAccount,
  calls: string[],
  { failing, address = ADDRESS }: { failing?: Failing | undefined; address?: string | undefined } = {},
): Wrangler => {
  const failure = { code: 1, output: PLATFORM_FAILURE, addresses: [] }
  return async (args, secrets) => {
    const isFailing = calls.push(args.join(' ')) - 1 === failing?.at
    if (isFailing && failing?.when === 'before') return failure
    try {
      const output = standInWrangler(account, args, secrets)
      const addresses = args[0] === 'deploy' && address !== '' ? [address] : []
      return isFailing ? failure : { code: 0, output, addresses }
    } catch (error) {
      return isFailing ? failure : { code: 1, output: String(error), addresses: [] }
    }
  }
}

let printed: string[] = []

const print = (line: string) => {
  printed.push(line)
}

let keyCount = 0

beforeEach(() => {
  printed = []
  keyCount = 0
})

/** Returns the commands that ran. */
const deploy = async (
  account: StandInAccount,
  options: Partial<
    DeploymentOptions & Failing & { environment: Record<string, string>; address: string }
  > = {},
) => {
  const { at, when = 'before', environment = ENVIRONMENT, address, ...given } = options
  const failing = at === undefined ? undefined : { at, when }
  const calls: string[] = []
  const ran = deploySystem(
    { workers, ...given },
    {
      wrangler: wranglerFor(account, calls, { failing, address }),
      print,
      environment,
      makeKey: () => `made-${++keyCount}`,
      lastResponseUntilReady: async () => undefined,
      placeSmokeOrder: async ({ url, key, currency }) => {
        calls.push(`smoke order at ${url} in ${currency} with ${key}`)
      },
    },
  )
  return ran.then(
    () => ({ calls, error: undefined }),
    (error: Error) => ({ calls, error }),
  )
}

const destroy = async (account: StandInAccount, failing?: Failing, isWanted = true, destroyed = workers) => {
  const calls: string[] = []
  const error = await destroySystem(
    { workers: destroyed },
    {
      wrangler: wranglerFor(account, calls, { failing }),
      print,
      environment: ENVIRONMENT,
      confirm: async (name) => isWanted && name === PUBLIC,
    },
  ).catch((caught: Error) => caught)
  return { calls, error }
}

const fullAccount = async (): Promise<StandInAccount> => {
  const account = emptyAccount()
  expect((await deploy(account)).error).toBeUndefined()
  return account
}

/** A deployment from before the newest queue, migration and secret. */
const olderAccount = async (): Promise<StandInAccount> => {
  const account = await fullAccount()
  account.databases['edge-orders-payments']?.pop()
  delete account.queues['edge-orders-webhooks']
  delete account.workers['edge-orders-operations']?.secrets['STORAGE_KEY']
  return account
}

const withoutSecrets = ({ workers: own, ...account }: StandInAccount) => ({
  ...account,
  workers: Object.fromEntries(
    Object.entries(own).map(([name, { secrets, ...worker }]) => [
      name,
      { ...worker, secrets: Object.keys(secrets).toSorted() },
    ]),
  ),
})

/** As with RETENTION_DAYS in environments/staging.toml. */
const retainingStaging = () =>
  readWorkers('staging').map(({ idleArchive, ...worker }) =>
    idleArchive === undefined
      ? worker
      : { ...worker, config: idleArchive.config, buckets: [idleArchive.bucket] },
  )

const changesIn = (calls: string[]) =>
  calls.filter(
    (call) => !/^(whoami|secret list|queues info|d1 list|d1 migrations list|r2 bucket info)/.test(call),
  )

const ARCHIVE = 'edge-orders-archive'

/** As with RETENTION_DAYS in wrangler.toml: the order Worker is bound to its bucket. */
const RETAINING = workers.map((worker) =>
  worker.isPublic
    ? { ...worker, config: 'wrangler.toml', buckets: [ARCHIVE], idleArchive: undefined }
    : worker,
)

/** What Cloudflare's API says about R2 where it is off, and to a token without the permission. */
const WITHOUT_R2 = 'Please enable R2 through the Cloudflare Dashboard. [code: 10042]'
const WITHOUT_PERMISSION = 'Authentication error [code: 10000]'

const KINDS = { empty: async () => emptyAccount(), older: olderAccount, full: fullAccount }
const BOTH = ['before', 'after'] as const
const FAILURES = Object.entries(KINDS).flatMap(([kind, make]) => BOTH.map((when) => ({ kind, make, when })))

describe('npm run deploy', () => {
  test('takes an empty account to a whole system', async () => {
    const account = await fullAccount()
    expect(Object.keys(account.workers).slice(-4)).toEqual([
      'edge-orders-operations',
      'edge-orders-payment',
      'edge-orders-inventory',
      PUBLIC,
    ])
    expect(account.workers['edge-orders-payment']?.vars['PAYMENT_GATEWAY']).toBe('simulator')
    expect(account.queues['edge-orders-payment-inbox-dlq']).toBe('edge-orders-operations')
    expect(printed.at(-1)).toBe('It is ready for orders.')
  })

  test('changes nothing of a full account, and deploys every Worker again', async () => {
    const account = await fullAccount()
    const before = structuredClone(account)
    const { calls } = await deploy(account)
    expect(changesIn(calls)).toHaveLength(workers.length)
    expect(changesIn(calls).slice(-4)).toEqual([
      'deploy -c workers/operations/wrangler.toml',
      'deploy -c workers/payment/wrangler.toml --var PAYMENT_GATEWAY:simulator',
      'deploy -c workers/inventory/wrangler.toml',
      'deploy -c .wrangler/environments/production/order.json --var PAYMENT_GATEWAY:simulator',
    ])
    expect(account).toEqual(before)
  })

  test.each(FAILURES)(
    'finishes in a second run what failed $when any step, $kind account',
    async ({ make, when }) => {
      const whole = withoutSecrets(await fullAccount())
      const { calls } = await deploy(await make())
      expect(calls.length).toBeGreaterThan(20)
      for (const at of calls.keys()) {
        const account = await make()
        const sealed = account.workers[PUBLIC]?.secrets['STORAGE_KEY']
        printed = []
        const first = await deploy(account, { at, when })
        expect(first.error?.message, calls[at]).toContain(PLATFORM_FAILURE)
        expect((await deploy(account)).error, calls[at]).toBeUndefined()
        expect(withoutSecrets(account), calls[at]).toEqual(whole)
        const { BOOTSTRAP_KEY, STORAGE_KEY } = account.workers[PUBLIC]?.secrets ?? {}
        const shown = printed.flatMap((line) => /^ {4}(made-\d+)$/m.exec(line)?.[1] ?? [])
        if (shown.length > 0) expect(shown.at(-1), calls[at]).toBe(BOOTSTRAP_KEY)
        if (sealed) expect(STORAGE_KEY, calls[at]).toBe(sealed)
      }
    },
  )

  test('makes the bucket of the archive only where there is a retention, and finishes after each failure', async () => {
    expect((await fullAccount()).buckets).toEqual([])
    const { calls } = await deploy(emptyAccount(), { workers: RETAINING })
    expect(changesIn(calls)).toContain('r2 bucket create edge-orders-archive')
    const at = calls.indexOf('r2 bucket create edge-orders-archive')
    for (const when of BOTH) {
      const account = emptyAccount()
      expect((await deploy(account, { workers: RETAINING, at, when })).error).toBeDefined()
      const again = await deploy(account, { workers: RETAINING })
      expect([again.error, account.buckets]).toEqual([undefined, ['edge-orders-archive']])
      expect(changesIn((await deploy(account, { workers: RETAINING })).calls)).toHaveLength(workers.length)
    }
  })

  test.each([undefined, WITHOUT_R2, WITHOUT_PERMISSION])(
    'makes and binds no bucket where no order leaves and the account has none (%s)',
    async (r2Refusal) => {
      const account = { ...emptyAccount(), ...(r2Refusal !== undefined && { r2Refusal }) }
      const { calls, error } = await deploy(account)
      expect(error).toBeUndefined()
      expect(changesIn(calls).join('\n')).not.toContain('r2')
      expect([account.buckets, account.workers[PUBLIC]?.buckets]).toEqual([[], []])
    },
  )

  test.each([
    [undefined, RETAINING, workers],
    ['staging', retainingStaging(), readWorkers('staging')],
  ])(
    'stays bound to its archive once no further order leaves (%s)',
    async (environmentName, retaining, idle) => {
      const account = emptyAccount()
      await deploy(account, { workers: retaining, environmentName })
      const name = idle.find(({ isPublic }) => isPublic)?.name ?? ''
      const before = structuredClone(account)
      expect(before.workers[name]?.buckets).toEqual([`${name}-archive`])
      printed = []
      const { calls, error } = await deploy(account, { workers: idle, environmentName })
      expect(error).toBeUndefined()
      expect(changesIn(calls)).toHaveLength(workers.length)
      expect(account).toEqual(before)
      expect(printed.join('\n')).toContain(
        `Bind the bucket ${name}-archive: it exists. RETENTION_DAYS is 0, so no order leaves for it`,
      )
    },
  )

  test('says that orders may be out of sight where the token may not look for the archive', async () => {
    const account = { ...emptyAccount(), buckets: [ARCHIVE], r2Refusal: WITHOUT_PERMISSION }
    expect((await deploy(account)).error).toBeUndefined()
    expect(account.workers[PUBLIC]?.buckets).toEqual([])
    expect(printed.join('\n')).toMatch(
      /Bind the bucket edge-orders-archive: left out, because the token may not look it up\./,
    )
  })

  test.each([WITHOUT_R2, WITHOUT_PERMISSION])(
    'with a retention needs R2 (%s), and says how',
    async (r2Refusal) => {
      const account = { ...emptyAccount(), r2Refusal }
      const { calls, error } = await deploy(account, { workers: RETAINING })
      expect(error?.message).toContain(`${r2Refusal}\n\nSwitch R2 on in the dashboard of the account`)
      expect(changesIn(calls)).toEqual([])
    },
  )

  test('shows the first key once, and never again', async () => {
    const account = await fullAccount()
    expect(printed.filter((line) => line.includes('The first API key'))).toEqual([
      expect.stringContaining(account.workers[PUBLIC]?.secrets['BOOTSTRAP_KEY'] ?? 'none'),
    ])
    printed = []
    await deploy(account)
    expect(printed.join()).not.toContain('The first API key')
  })

  test('refuses before it changes anything', async () => {
    const account = emptyAccount()
    const { calls, error } = await deploy(account, { environment: {} })
    expect(error?.message).toContain('No payment gateway is chosen.')
    expect(changesIn(calls)).toEqual([])
  })

  test.each([
    ['{ "loggedIn": false }', 'has no access to a Cloudflare account.\nRun `npx wrangler login`'],
    [
      '{ "loggedIn": true, "accounts": [{ "id": "a1", "name": "A" }, { "id": "b2", "name": "B" }] }',
      'several accounts: A (a1), B (b2).\nChoose one: export CLOUDFLARE_ACCOUNT_ID=a1',
    ],
    ['fetch failed', '`wrangler whoami` failed:\n\nfetch failed\n'],
  ])('where whoami says %s, names the command that helps', async (output, message) => {
    const ports = {
      wrangler: async () => ({ code: output.includes('true') ? 0 : 1, output, addresses: [] }),
      print,
      environment: ENVIRONMENT,
      makeKey: () => '',
      lastResponseUntilReady: async () => undefined,
      placeSmokeOrder: async () => undefined,
    }
    const whole = deploySystem({ workers }, ports)
    await expect(whole).rejects.toThrow(message)
  })

  test('says what a system that is not ready answers', async () => {
    const account = emptyAccount()
    const ended = deploySystem(
      { workers },
      {
        wrangler: wranglerFor(account, []),
        print,
        environment: ENVIRONMENT,
        makeKey: () => 'made',
        lastResponseUntilReady: async () => '503 not yet',
        placeSmokeOrder: async () => undefined,
      },
    )
    await expect(ended).rejects.toThrow(
      'not ready. The last response of https://shop.example/readyz: 503 not yet.',
    )
  })
})

describe('a step that fails', () => {
  test('is followed by the command that goes on, with what was chosen', async () => {
    const chosen = {
      ...{ workers: readWorkers('staging'), environmentName: 'staging', paymentGateway: 'simulator' },
    }
    const { calls } = await deploy(emptyAccount(), chosen)
    const at = calls.findIndex((call) => call.startsWith('queues create'))
    expect((await deploy(emptyAccount(), { ...chosen, at })).error?.message).toContain(
      'You can run npm run deploy -- --env staging --payment-gateway simulator again at any time',
    )
  })

  test('of a deployment without a gateway names one of the same environment', async () => {
    const { error } = await deploy(emptyAccount(), { environmentName: 'staging', environment: {} })
    expect(error?.message).toContain(': npm run deploy -- --env staging --payment-gateway simulator')
  })
})

describe('a dry run', () => {
  test.each(Object.entries(KINDS))(
    'of a deployment to an account that is %s changes nothing',
    async (_, make) => {
      const account = await make()
      const before = structuredClone(account)
      const { calls, error } = await deploy(account, { isDryRun: true })
      expect(error).toBeUndefined()
      expect(account).toEqual(before)
      expect(changesIn(calls).every((call) => call.startsWith('deploy --dry-run -c '))).toBe(true)
    },
  )

  test('prints every step, and what exists', async () => {
    const account = await olderAccount()
    printed = []
    await deploy(account, { isDryRun: true })
    const plan = printed.join('\n')
    expect(plan).toContain('Looking up what Acme (acc) has.\n\nThe plan to deploy production:')
    expect(plan).toMatch(/Create the queue edge-orders-order-inbox: exists already/)
    expect(plan).toMatch(/Create the queue edge-orders-webhooks$/m)
    expect(plan).toContain('Migrate the database edge-orders-orders: has every migration already')
    expect(plan).toMatch(/Migrate the database edge-orders-payments: \d{4}_\w+\.sql$/m)
    expect(plan).toMatch(/Deploy the Worker edge-orders-operations, and set STORAGE_KEY$/m)
  })

  test('without access prints the plan of an empty account, and why', async () => {
    const account = emptyAccount()
    const { error } = await deploy(account, { isDryRun: true, at: 0, environment: {} })
    expect(error).toBeUndefined()
    const plan = printed.join('\n')
    expect(plan).toContain('What exists is unknown, so this is the plan for an empty account.')
    expect(plan).toContain(
      'Deploy the Worker edge-orders, which is new, and set STORAGE_KEY and BOOTSTRAP_KEY',
    )
    expect(printed.at(-2)).toBe('\nEvery Worker builds. Nothing was deployed.')
    expect(printed.at(-1)).toContain('The real deployment would refuse: No payment gateway is chosen.')
  })
})

describe('the smoke order', () => {
  test('uses the key that the deployment made', async () => {
    const { calls } = await deploy(emptyAccount(), { hasSmokeOrder: true })
    expect(calls.at(-1)).toMatch(/^smoke order at https:\/\/shop\.example in USD with made-\d+$/)
  })

  test('of a later deployment needs a key, or nothing is deployed', async () => {
    const account = await fullAccount()
    const without = await deploy(account, { hasSmokeOrder: true })
    expect(without.error?.message).toContain('Set a key with every scope: export EDGE_ORDERS_KEY=')
    expect(changesIn(without.calls)).toEqual([])
    const environment = { ...ENVIRONMENT, EDGE_ORDERS_KEY: 'eo_key' }
    const { calls } = await deploy(account, { hasSmokeOrder: true, environment })
    expect(calls.at(-1)).toBe('smoke order at https://shop.example in USD with eo_key')
  })
})

describe('a system whose address is a route', () => {
  const route = { address: '', hasSmokeOrder: true }

  test('is asked at EDGE_ORDERS_URL', async () => {
    const environment = { ...ENVIRONMENT, EDGE_ORDERS_URL: 'https://orders.example.com' }
    const { calls } = await deploy(emptyAccount(), { ...route, environment })
    expect(calls.at(-1)).toMatch(/^smoke order at https:\/\/orders\.example\.com in USD with made-\d+$/)
  })

  test('without it gets no smoke order, and the deployment says so', async () => {
    const { error } = await deploy(emptyAccount(), route)
    expect(error?.message).toContain('The smoke order was not placed')
    expect((await deploy(emptyAccount(), { ...route, hasSmokeOrder: false })).error).toBeUndefined()
    expect(printed.at(-1)).toContain('Its address is a route that you have set up')
  })
})

describe('an environment', () => {
  test('is a second deployment with nothing in common', async () => {
    const account = await fullAccount()
    const production = structuredClone(account)
    await deploy(account, { workers: readWorkers('staging'), environmentName: 'staging' })
    const added = {
      queues: Object.keys(account.queues).filter((name) => !(name in production.queues)),
      databases: Object.keys(account.databases).filter((name) => !(name in production.databases)),
      workers: Object.keys(account.workers).filter((name) => !(name in production.workers)),
    }
    const inStaging = (names: object) =>
      Object.keys(names).map((name) => name.replace('edge-orders', 'edge-orders-staging'))
    expect(added.queues.toSorted()).toEqual(inStaging(production.queues).toSorted())
    expect(added.databases.toSorted()).toEqual(inStaging(production.databases).toSorted())
    expect(added.workers.toSorted()).toEqual(inStaging(production.workers).toSorted())
    const staging = account.workers['edge-orders-staging']
    expect(staging?.services.every((name) => name.startsWith('edge-orders-staging-'))).toBe(true)
    expect(staging?.queues.every((name) => name.startsWith('edge-orders-staging-'))).toBe(true)
    const counters = [...(staging?.counters ?? []), ...(production.workers[PUBLIC]?.counters ?? [])]
    expect(new Set(counters).size).toBe(6)
    expect(account).toMatchObject(production)
  })
})

describe('npm run destroy', () => {
  test('takes everything down, and another deployment of the account stays', async () => {
    const account = emptyAccount()
    await deploy(account, { workers: readWorkers('staging'), environmentName: 'staging' })
    const staging = structuredClone(account)
    await deploy(account)
    await destroy(account)
    expect(account).toEqual(staging)
    expect(printed.at(-1)).toBe('\nedge-orders is gone.')
  })

  test.each(BOTH)('finishes in a second run what failed %s any step', async (when) => {
    const { calls } = await destroy(await fullAccount())
    for (const at of calls.keys()) {
      const account = await fullAccount()
      const first = await destroy(account, { at, when })
      expect(first.error?.message, calls[at]).toContain(PLATFORM_FAILURE)
      expect((await destroy(account)).error, calls[at]).toBeUndefined()
      expect(account, calls[at]).toEqual(emptyAccount())
    }
  })

  test('deletes nothing until the name is confirmed', async () => {
    const account = await fullAccount()
    const before = structuredClone(account)
    await destroy(account, undefined, false)
    expect(account).toEqual(before)
    expect(printed.at(-1)).toBe('\nNothing was deleted.')
  })

  test('keeps the archive, and says so', async () => {
    const account = emptyAccount()
    await deploy(account, { workers: RETAINING })
    await deploy(account)
    await destroy(account)
    expect(account).toEqual({ ...emptyAccount(), buckets: [ARCHIVE] })
    expect(printed.at(-1)).toContain('Its archive stays: the bucket edge-orders-archive.')
  })

  test('needs no R2', async () => {
    const account = { ...emptyAccount(), r2Refusal: WITHOUT_R2 }
    await deploy(account)
    await destroy(account)
    expect(account).toEqual({ ...emptyAccount(), r2Refusal: WITHOUT_R2 })
  })

  test('finds nothing in an empty account', async () => {
    await destroy(emptyAccount())
    expect(printed.at(-1)).toBe('There is nothing of edge-orders in Acme (acc).')
  })
})
