import { describe, expect, test } from 'vitest'
import { type Configs, deriveConfigs, withoutIdleArchive } from '../../scripts/deploy/environment.ts'
import { readWorkers } from '../../scripts/deploy/workers.ts'

const configs: Configs = {
  'workers/payment/wrangler.toml': {
    $schema: '../../node_modules/wrangler/config-schema.json',
    name: 'shop-payment',
    main: 'index.ts',
    compatibility_date: '2026-11-02',
    vars: { DEFAULT_CURRENCY: 'USD', SHOP: 'shop-payment' },
    d1_databases: [
      {
        binding: 'PAYMENTS_DB',
        database_name: 'shop-payments',
        database_id: 'b7c0',
        preview_database_id: 'b7c1',
        migrations_dir: 'migrations',
      },
    ],
    queues: {
      producers: [{ binding: 'ORDER_INBOX', queue: 'shop-order-inbox' }],
      consumers: [
        { queue: 'shop-payment-inbox', max_retries: 10, dead_letter_queue: 'shop-payment-inbox-dlq' },
      ],
    },
    r2_buckets: [{ binding: 'ARCHIVE', bucket_name: 'shop-archive' }],
  },
  'wrangler.toml': {
    name: 'shop',
    main: 'workers/order/index.ts',
    build: { command: 'node build.mjs', watch_dir: ['src'] },
    assets: { directory: 'public', binding: 'ASSETS' },
    routes: [{ pattern: 'orders.example.com', custom_domain: true }],
    vars: { DEFAULT_CURRENCY: 'USD', CORS_ORIGINS: '', BRIDGE_TARGET: 'https://sqs.example/1/production' },
    services: [{ binding: 'PAYMENT', service: 'shop-payment', entrypoint: 'InternalApi' }],
    ratelimits: [{ name: 'CLIENT', namespace_id: '1001', simple: { limit: 3000, period: 10 } }],
  },
}

const derive = (
  environment: string,
  differences: Partial<Parameters<typeof deriveConfigs>[1]['differences']> = {},
) =>
  deriveConfigs(configs, {
    environment,
    publicConfig: 'wrangler.toml',
    differences: { vars: {}, ...differences },
    root: '/shop',
  })

describe('the bucket of the archive', () => {
  const config = (days: string) => ({
    ...{
      name: 'shop',
      vars: { RETENTION_DAYS: days },
      r2_buckets: [{ binding: 'ARCHIVE', bucket_name: 'a' }],
    },
  })

  test('is left out while no order leaves', () => {
    const { r2_buckets: _idle, ...without } = config('0')
    expect(withoutIdleArchive(config('0'))).toEqual(without)
    expect(withoutIdleArchive(config('30'))).toEqual(config('30'))
  })

  test('is made by no deployment as the project stands, and is kept where it exists', () => {
    const all = [...readWorkers(), ...readWorkers('staging')]
    expect(all.flatMap(({ buckets }) => buckets)).toEqual([])
    expect(all.flatMap(({ idleArchive }) => idleArchive ?? [])).toEqual([
      { bucket: 'edge-orders-archive', config: 'wrangler.toml' },
      {
        bucket: 'edge-orders-staging-archive',
        config: '.wrangler/environments/staging/order-with-archive.json',
      },
    ])
  })
})

describe('the configuration of an environment', () => {
  test('has every binding under the name of the environment, and no id of production', () => {
    expect(derive('staging')['workers/payment/wrangler.toml']).toEqual({
      name: 'shop-staging-payment',
      main: '/shop/workers/payment/index.ts',
      compatibility_date: '2026-11-02',
      vars: { DEFAULT_CURRENCY: 'USD', SHOP: 'shop-payment' },
      d1_databases: [
        {
          binding: 'PAYMENTS_DB',
          database_name: 'shop-staging-payments',
          migrations_dir: '/shop/workers/payment/migrations',
        },
      ],
      queues: {
        producers: [{ binding: 'ORDER_INBOX', queue: 'shop-staging-order-inbox' }],
        consumers: [
          {
            queue: 'shop-staging-payment-inbox',
            max_retries: 10,
            dead_letter_queue: 'shop-staging-payment-inbox-dlq',
          },
        ],
      },
      r2_buckets: [{ binding: 'ARCHIVE', bucket_name: 'shop-staging-archive' }],
    })
  })

  test('has counters of its own, and neither the routes nor the watched folders of production', () => {
    const { 'wrangler.toml': order } = derive('staging')
    expect(order).toEqual({
      name: 'shop-staging',
      main: '/shop/workers/order/index.ts',
      build: { command: 'node build.mjs' },
      assets: { directory: '/shop/public', binding: 'ASSETS' },
      vars: { DEFAULT_CURRENCY: 'USD', CORS_ORIGINS: '', BRIDGE_TARGET: '' },
      services: [{ binding: 'PAYMENT', service: 'shop-staging-payment', entrypoint: 'InternalApi' }],
      ratelimits: [
        { name: 'CLIENT', namespace_id: expect.stringMatching(/^\d+$/), simple: { limit: 3000, period: 10 } },
      ],
    })
    const idIn = (environment: string) =>
      (derive(environment)['wrangler.toml'] as { ratelimits: { namespace_id: string }[] }).ratelimits[0]
        ?.namespace_id
    expect(new Set(['1001', idIn('staging'), idIn('test')]).size).toBe(3)
  })

  test('differs by the settings of its file, in each Worker that has them, and by its routes', () => {
    const routes = [{ pattern: 'staging.example.com', custom_domain: true }]
    const vars = {
      DEFAULT_CURRENCY: 'EUR',
      CORS_ORIGINS: 'https://staging.example.com',
      BRIDGE_TARGET: 'https://sqs.example/1/staging',
    }
    const derived = derive('staging', { vars, routes })
    expect(derived['wrangler.toml']).toMatchObject({ vars, routes })
    expect(derived['workers/payment/wrangler.toml']).toHaveProperty('vars', {
      DEFAULT_CURRENCY: 'EUR',
      SHOP: 'shop-payment',
    })
    expect(derived['workers/payment/wrangler.toml']).not.toHaveProperty('routes')
  })

  test('has no setting that no Worker has', () => {
    expect(() => derive('staging', { vars: { CORS_ORIGIN: 'x' } })).toThrow(
      'No wrangler.toml has the setting CORS_ORIGIN.',
    )
  })

  test('takes no name that production has', () => {
    expect(() => derive('payment')).toThrow('Production already has the name shop-payment.')
  })
})

test('the order Worker takes the key and names the deployment, also where it has a route alone', () => {
  const configs = {
    'workers/payment/wrangler.toml': { name: 'shop-payment', workers_dev: false },
    'wrangler.toml': { name: 'shop', workers_dev: false, routes: [{ pattern: 'orders.example.com' }] },
  }
  const isPublic = readWorkers(undefined, configs).map((worker) => [worker.name, worker.isPublic])
  expect(isPublic).toEqual([
    ['shop-payment', false],
    ['shop', true],
  ])
})

test.each(['production', 'Staging', 'a-b', '1st', '../x', ''])('%j names no environment', (name) => {
  expect(() => readWorkers(name)).toThrow(/is no environment|is not the name of an environment/)
})
