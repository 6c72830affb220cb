import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WITH_FAULTS, wranglerEnvironment } from '../../scripts/wrangler.mjs'
import { MARKER } from '../../src/cloudflare/faults/injected.ts'
import { bundledWithFaults } from '../support/built-workers.ts'

const WORKERS = ['order', 'inventory', 'payment', 'operations']

const withMarker = (folder: string): string[] =>
  WORKERS.filter((worker) => readFileSync(join(folder, worker, 'index.js'), 'utf8').includes(MARKER))

it('`wrangler deploy` leaves the fault port out of every bundle; `npm start` puts it into each', async () => {
  expect(withMarker(process.env['BUILT_WORKERS'] ?? '')).toEqual([])
  expect(withMarker(await bundledWithFaults())).toEqual(WORKERS)
})

it('our scripts deploy without it, also where the shell of `npm run deploy` asks for it', () => {
  const [name, value] = Object.entries(WITH_FAULTS)[0] ?? ['', '']
  const before = process.env[name]
  process.env[name] = value
  try {
    expect(wranglerEnvironment()).toMatchObject({ [name]: 'workerd,worker,browser' })
  } finally {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
})
