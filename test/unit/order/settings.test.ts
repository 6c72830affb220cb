import { expect, it } from 'vitest'
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
  const refused = `BOOTSTRAP_KEY is the development key, which everybody knows: ${SET_IT}. It is taken only where .dev.vars says DEMO_CATALOGUE=true`
  expect(read({ BOOTSTRAP_KEY: 'dev-admin-key' })).toEqual([refused])
  expect(read({ BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'false' })).toEqual([refused])
})

it('takes the development key for the demo catalogue', () => {
  expect(read({ BOOTSTRAP_KEY: 'dev-admin-key', DEMO_CATALOGUE: 'true' })).toBe('dev-admin-key')
})
