import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import catalogue from '../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { createApi, until } from './api.mjs'

/** @typedef {import('./api.mjs').Api} Api */
/** @typedef {import('./api.mjs').Server} Server */

const UNITS_ON_HAND = 1_000

/**
 * Puts the demo products, and 1 000 units of each, into an empty catalogue. What a crash has left half done is
 * finished at the next start.
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
  // The list follows a moment later; until then an empty one would deceive the next start.
  await until(server, '/products', isWhole)
  rmSync(unfinished)
}

/** @param {Api} api */
const isEmpty = async (api) => (await api('GET', '/products')).items.length === 0

/** @param {import('./api.mjs').Answer} answer */
const isWhole = ({ status, text }) => status === 200 && JSON.parse(text).items.length >= catalogue.length

/**
 * @param {Api} api
 * @param {typeof catalogue[number]} product
 */
const seed = async (api, { productId, ...product }) => {
  await api('PUT', `/products/${productId}`, { body: product })
  // An idempotency key is remembered for a day, and the next start may come later: the level itself is asked too.
  const { onHand } = await api('GET', `/inventory/${productId}`)
  if (onHand > 0) return
  await api('POST', `/inventory/${productId}/adjustments`, {
    body: { delta: UNITS_ON_HAND, reason: 'receipt' },
    idempotencyKey: `demo-catalogue/${productId}`,
  })
}
