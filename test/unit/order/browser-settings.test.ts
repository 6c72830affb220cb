import { describe, expect, it } from 'vitest'
import { readOrderSettings } from '../../../workers/order/settings.ts'

const ENV = { ORDER_PARTITIONS: '2', BOOTSTRAP_KEY: 'a-bootstrap-key' }

const reasonsFor = (env: Record<string, string>): string[] => {
  const settings = readOrderSettings({ ...ENV, ...env })
  return settings.ok ? [] : settings.reason
}

describe('the origins whose pages may read', () => {
  it('are none unless they are named', () => {
    expect(readOrderSettings(ENV)).toMatchObject({ value: { corsOrigins: [] } })
    expect(readOrderSettings({ ...ENV, CORS_ORIGINS: ' ' })).toMatchObject({ value: { corsOrigins: [] } })
  })

  it('are separated by commas', () => {
    const corsOrigins = ['https://shop.example', 'http://localhost:3000']
    expect(readOrderSettings({ ...ENV, CORS_ORIGINS: corsOrigins.join(', ') })).toMatchObject({
      value: { corsOrigins },
    })
  })

  it.each([
    '*',
    'null',
    'shop.example',
    'https://shop.example/',
    'https://*.example',
    'https://Shop.example',
  ])('are not %s', (origin) => {
    expect(reasonsFor({ CORS_ORIGINS: `https://shop.example,${origin}` })).toEqual([
      expect.stringMatching(/^CORS_ORIGINS must be origins such as/),
    ])
  })
})

describe('what read tokens are sealed with', () => {
  it('is a key of their own where there is one', () => {
    const READ_TOKEN_KEY = 'k'.repeat(32)
    expect(readOrderSettings(ENV)).toMatchObject({ value: { readTokenKeys: [] } })
    expect(readOrderSettings({ ...ENV, READ_TOKEN_KEY })).toMatchObject({
      value: { readTokenKeys: [READ_TOKEN_KEY] },
    })
    const READ_TOKEN_KEY_2 = 'n'.repeat(32)
    expect(readOrderSettings({ ...ENV, READ_TOKEN_KEY, READ_TOKEN_KEY_2 })).toMatchObject({
      value: { readTokenKeys: [READ_TOKEN_KEY_2, READ_TOKEN_KEY] },
    })
  })

  it('cannot be a short one', () => {
    expect(reasonsFor({ READ_TOKEN_KEY: 'short' })).toEqual([
      expect.stringMatching(/^READ_TOKEN_KEY must have/),
    ])
  })
})
