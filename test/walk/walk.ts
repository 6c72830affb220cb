import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createShop, type Shop } from './shop.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const OUR_CODE = new RegExp(`^${pathToFileURL(ROOT)}/(?:src|workers)/`)
/** After so many orders every partition has had one: the walk shows how an order goes, not how a partition begins. */
const WARM_UPS = 8

export type VisitedFile = { path: string; lines: number }

/**
 * Places one order of one line over HTTP, and delivers messages until it is settled. Returns each file of `src` and
 * `workers` that has a function which ran meanwhile. No alarm rings: a settled order needs none.
 */
export const walk = async (): Promise<VisitedFile[]> => {
  const shop = await createShop()
  for (let count = 0; count < WARM_UPS; count += 1) await placeOne(shop)
  const profiler = new Session()
  profiler.connect()
  await profiler.post('Profiler.enable')
  await profiler.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const orderId = await placeOne(shop)
  const { result } = await profiler.post('Profiler.takePreciseCoverage')
  profiler.disconnect()
  await expectSettled(shop, orderId)
  return result
    .filter(({ url, functions }) => OUR_CODE.test(url) && functions.some(hasRun))
    .map(({ url }) => fileURLToPath(url))
    .map((path) => ({ path: path.slice(ROOT.length + 1), lines: linesOf(path) }))
    .sort((left, right) => (left.path < right.path ? -1 : 1))
}

const placeOne = async (shop: Shop): Promise<string> => {
  const { orderId } = await shop.call('POST', '/orders', {
    items: [{ productId: shop.productId, quantity: 1 }],
    payment: { token: 'pm_card_visa' },
  })
  await shop.deliverAll()
  return String(orderId)
}

const expectSettled = async (shop: Shop, orderId: string): Promise<void> => {
  const order = await shop.call('GET', `/orders/${orderId}`)
  if (order['status'] !== 'confirmed' || typeof order['settledAt'] !== 'string')
    throw new Error(`The order did not settle: ${JSON.stringify(order)}`)
}

type Coverage = { functionName: string; ranges: { startOffset: number; count: number }[] }

/** The module as a whole is a function too, without a name and from the first character on: it ran when it was loaded. */
const hasRun = ({ functionName, ranges: [whole] }: Coverage): boolean =>
  whole !== undefined && whole.count > 0 && (functionName !== '' || whole.startOffset > 0)

const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1
