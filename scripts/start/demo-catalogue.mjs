import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import catalogue from '../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { createApi, until } from './api.mjs'

/** @typedef {import('./api.mjs').Api} Api */
/** @typedef {import('./api.mjs').Server} Server */

const UNITS_ON_HAND = 1_000

const list = z.object({ items: z.array(z.unknown()) })
const stockLevel = z.object({ onHand: z.number() })

/**
 * Puts the demo products, and 1 000 units of each, into an empty catalogue. After a crash in the middle, the next start
 * completes it.
 * @param {Server} server
 * @param {string} stateDir
 */
export const seedDemoCatalogue = async (server, stateDir) => {
  const api = createApi(server)
  const unfinished = join(stateDir, 'demo-catalogue-unfinished')
  if (!existsSync(unfinished) && !(await isEmpty(api))) return
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(unfinished, '')
  await Promise.all(catalogue.map((product) => seed(api, product)))
  // The list is updated a moment later. An empty list would make the next start begin again.
  await until(server, '/products', isComplete)
  rmSync(unfinished)
}

/** @param {Api} api */
const isEmpty = async (api) => list.parse(await api('GET', '/products')).items.length === 0

/** @param {import('./api.mjs').Result} result */
const isComplete = ({ status, text }) =>
  status === 200 && list.parse(JSON.parse(text)).items.length >= catalogue.length

/**
 * @param {Api} api
 * @param {typeof catalogue[number]} product
 */
const seed = async (api, { productId, ...product }) => {
  await api('PUT', `/products/${productId}`, { body: product })
  // The system remembers an idempotency key for a day, and the next start may be later. So this reads the level too.
  const { onHand } = stockLevel.parse(await api('GET', `/inventory/${productId}`))
  if (onHand > 0) return
  await api('POST', `/inventory/${productId}/adjustments`, {
    body: { delta: UNITS_ON_HAND, reason: 'receipt' },
    idempotencyKey: `demo-catalogue/${productId}`,
  })
}
