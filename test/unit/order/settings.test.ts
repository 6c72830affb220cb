import { describe, expect, it } from 'vitest'
import { readOrderSettings } from '../../../workers/order/settings.ts'

const read = (env: Record<string, string>) => {
  const settings = readOrderSettings({ ORDER_PARTITIONS: '2', ...env })
  return settings.ok ? settings.value.bootstrapKey : settings.reason
}

const SET_IT =
  'set it with `npx wrangler secret put BOOTSTRAP_KEY`, or locally in .dev.vars, as .dev.vars.example shows'

it('names the bootstrap key where it is missing', () => {
  expect(read({})).toEqual([`BOOTSTRAP_KEY is a required secret: ${SET_IT}`])
})

it('refuses a bootstrap key that is soon guessed', () => {
  expect(read({ BOOTSTRAP_KEY: '1234567' })).toEqual(['BOOTSTRAP_KEY must have at least 8 characters'])
})

it('refuses the development key, which is in the repository, where real orders are taken', () => {
  const refused = `BOOTSTRAP_KEY is the development key, which is public: ${SET_IT}. It is accepted only where .dev.vars says DEMO_CATALOGUE=true`
  expect(read({ BOOTSTRAP_KEY: 'dev-admin-key' })).toEqual([refused])
  expect(read({ BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'false' })).toEqual([refused])
})

it('takes the development key for the demo catalogue', () => {
  expect(read({ BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'true' })).toBe('dev-admin-key')
})

describe('a secret that is soon guessed', () => {
  const RANDOM = 'b1946ac92492d2347c6235b4d2611184f0e9d8c7b6a594837261504f3e2d1c0b'
  const warnings = (env: Record<string, string>) => {
    const settings = readOrderSettings({ ORDER_PARTITIONS: '2', ...env })
    return settings.ok ? settings.value.warnings : settings.reason
  }

  it('stops no deployment that has it, which says how to replace it', () => {
    expect(warnings({ BOOTSTRAP_KEY: 'an-older-key' })).toEqual([
      'BOOTSTRAP_KEY has fewer than 32 characters. `openssl rand -hex 32` makes a good one, `npx wrangler secret put BOOTSTRAP_KEY` sets it',
    ])
    expect(warnings({ BOOTSTRAP_KEY: RANDOM, READ_TOKEN_KEY: 'k'.repeat(32) })).toEqual([
      expect.stringMatching(/^READ_TOKEN_KEY has fewer than 8 different characters/),
    ])
  })

  it("is neither a random one nor the demo's", () => {
    expect(warnings({ BOOTSTRAP_KEY: RANDOM })).toEqual([])
    expect(warnings({ BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'true' })).toEqual([])
  })
})

describe('Cloudflare Access in front of the console', () => {
  const KEY = { BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'true' }
  const TEAM = 'https://shop.cloudflareaccess.com'
  const AUDIENCE = 'a'.repeat(64)
  const readAccess = (env: Record<string, string>) => {
    const settings = readOrderSettings({ ORDER_PARTITIONS: '2', ...KEY, ...env })
    return settings.ok ? settings.value.access : settings.reason
  }

  it('is a team and an application, or neither', () => {
    expect(readAccess({})).toBeUndefined()
    expect(readAccess({ ACCESS_TEAM_DOMAIN: '', ACCESS_AUDIENCE: '' })).toBeUndefined()
    expect(readAccess({ ACCESS_TEAM_DOMAIN: TEAM, ACCESS_AUDIENCE: AUDIENCE })).toEqual({
      ...{ team: TEAM, audience: AUDIENCE },
    })
  })

  it.each([
    { ACCESS_TEAM_DOMAIN: TEAM },
    { ACCESS_AUDIENCE: AUDIENCE },
    { ACCESS_TEAM_DOMAIN: 'shop.cloudflareaccess.com', ACCESS_AUDIENCE: AUDIENCE },
    { ACCESS_TEAM_DOMAIN: 'http://shop.cloudflareaccess.com', ACCESS_AUDIENCE: AUDIENCE },
    { ACCESS_TEAM_DOMAIN: `${TEAM}/path`, ACCESS_AUDIENCE: AUDIENCE },
    { ACCESS_TEAM_DOMAIN: TEAM, ACCESS_AUDIENCE: 'the console' },
  ])('is refused by half, or in another form: %o', (env) => {
    expect(readAccess(env)).toEqual([expect.stringMatching(/^ACCESS_(?:TEAM_DOMAIN|AUDIENCE) /)])
  })
})

describe('the bridge to AWS', () => {
  const KEY = { BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'true' }
  const SECRETS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  const readBridge = (env: Record<string, string>) => {
    const settings = readOrderSettings({ ORDER_PARTITIONS: '2', ...KEY, ...env })
    return settings.ok ? settings.value.bridge : settings.reason
  }

  it('is off without a target', () => {
    expect(readBridge({ BRIDGE_TARGET: '', BRIDGE_AWS_REGION: '', ...SECRETS })).toBeUndefined()
  })

  it('is described by the address of a queue or by an ARN', () => {
    const queue = 'https://sqs.eu-central-1.amazonaws.com/1/events.fifo'
    expect(readBridge({ BRIDGE_TARGET: queue, BRIDGE_CONSUMER: 'ledger', ...SECRETS })).toEqual({
      address: {
        ...{ service: 'sqs', name: queue, region: 'eu-central-1' },
        endpoint: 'https://sqs.eu-central-1.amazonaws.com',
      },
      consumer: 'ledger',
      key: { accessKeyId: 'id', secretAccessKey: 'secret' },
    })
    const topic = 'arn:aws:sns:us-east-1:123456789012:events.fifo'
    expect(readBridge({ BRIDGE_TARGET: topic })).toMatchObject({
      address: { service: 'sns', name: topic, endpoint: 'https://sns.us-east-1.amazonaws.com' },
      key: undefined,
    })
    const bus = 'arn:aws-cn:events:cn-north-1:123456789012:event-bus/shop'
    expect(readBridge({ BRIDGE_TARGET: bus })).toMatchObject({
      address: { service: 'events', name: bus, endpoint: 'https://events.cn-north-1.amazonaws.com.cn' },
    })
  })

  it.each([
    ['http://sqs.eu-central-1.amazonaws.com/1/events', /^BRIDGE_TARGET must be the https address of a queue/],
    ['https://sqs.eu-central-1.amazonaws.com/', /^BRIDGE_TARGET must be the https address of a queue/],
    ['arn:aws:sqs:eu-central-1:1:events', /^BRIDGE_TARGET must be the https address of a queue/],
    ['https://queues.example/1/events', /^BRIDGE_TARGET does not tell its region: set BRIDGE_AWS_REGION/],
  ])('refuses %s', (target, reason) => {
    expect(readBridge({ BRIDGE_TARGET: target })).toEqual([expect.stringMatching(reason)])
  })

  it('refuses a consumer that no call can name', () => {
    expect(readBridge({ BRIDGE_CONSUMER: 'two words' })).toEqual([
      expect.stringMatching(/^BRIDGE_CONSUMER must be 1 to 64/),
    ])
  })
})

describe('the retention', () => {
  const KEY = { BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'true' }
  const readDays = (env: Record<string, string>) => {
    const settings = readOrderSettings({ ...KEY, ...env })
    return settings.ok ? settings.value.retentionDays : settings.reason
  }

  it('is none by default, or at least a week, because idempotency keys refer to orders', () => {
    expect(readDays({})).toBe(0)
    expect(readDays({ RETENTION_DAYS: '0' })).toBe(0)
    expect(readDays({ RETENTION_DAYS: '7' })).toBe(7)
  })

  it.each(['1', '6', '-7', '7.5', '3661', 'a year'])('is refused where it is %s', (days) => {
    expect(readDays({ RETENTION_DAYS: days })).toEqual([expect.stringMatching(/^RETENTION_DAYS /)])
  })
})
