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
