import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandBeside, readSettings, shortPath } from '../../../scripts/start/settings.mjs'

const ROOT = resolve(import.meta.dirname, '../../..')
const DEFAULTS = { port: 8787, stateDir: resolve(ROOT, '.wrangler/state'), retentionDays: undefined }

describe('the settings of npm start', () => {
  it('have defaults, also for what is set to nothing', () => {
    expect(readSettings({})).toEqual(DEFAULTS)
    expect(readSettings({ PORT: '', STATE_DIR: '', RETENTION_DAYS: '' })).toEqual(DEFAULTS)
  })

  it('are what the environment says, a folder from the root of the project', () => {
    expect(readSettings({ PORT: '9000', STATE_DIR: 'some/state', RETENTION_DAYS: '7' })).toEqual({
      port: 9000,
      stateDir: resolve(ROOT, 'some/state'),
      retentionDays: '7',
    })
  })

  it.each(['0', '65536', '80.5', '-1', 'http', ' '])('refuse the port "%s"', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow(
      `PORT is "${PORT}".\nIt must be a whole number from 1 to 65535.`,
    )
  })
})

it('a second system is given a port and a state of its own', () => {
  expect(commandBeside(8787)).toBe('PORT=8788 STATE_DIR=.wrangler/state-8788 npm start')
  expect(commandBeside(65_535)).toBe('PORT=65534 STATE_DIR=.wrangler/state-65534 npm start')
})

it('a folder is shown from the root of the project, and from outside it as a whole', () => {
  expect(shortPath(resolve(ROOT, '.wrangler/state'))).toBe('.wrangler/state')
  expect(shortPath('/var/lib/orders')).toBe('/var/lib/orders')
})
