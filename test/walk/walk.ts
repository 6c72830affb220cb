import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createShop, type Shop } from './shop.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const OUR_CODE = new RegExp(`^${pathToFileURL(ROOT)}/(?:src|workers)/`)
/** After so many orders every partition has had one: the walk shows how an order goes, not how a partition begins. */
const WARM_UPS = 8

/** `linesRun` counts the lines of the functions that ran; a function inside one of them counts only where it ran too. */
export type VisitedFile = { path: string; lines: number; linesRun: number }

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
    .map(({ url, functions }) => visitedFile(fileURLToPath(url), functions))
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

type Coverage = {
  functionName: string
  ranges: { startOffset: number; endOffset: number; count: number }[]
}

/** The module as a whole is a function too, without a name and from the first character on: it ran when it was loaded. */
const isModule = ({ functionName, ranges: [whole] }: Coverage): boolean =>
  functionName === '' && whole?.startOffset === 0

const hasRun = (covered: Coverage): boolean => !isModule(covered) && (covered.ranges[0]?.count ?? 0) > 0

const visitedFile = (path: string, functions: readonly Coverage[]): VisitedFile => {
  const text = readFileSync(path, 'utf8')
  return {
    path: path.slice(ROOT.length + 1),
    lines: text.split('\n').length - 1,
    linesRun: linesRunIn(text, functions),
  }
}

/** Types are blanked out before the code runs, so that every offset is the one in the file. */
const linesRunIn = (text: string, functions: readonly Coverage[]): number => {
  const isRun = new Uint8Array(text.length)
  const outerFirst = functions
    .filter((covered) => !isModule(covered))
    .flatMap(({ ranges: [whole] }) => whole ?? [])
    .toSorted((left, right) => left.startOffset - right.startOffset || right.endOffset - left.endOffset)
  for (const { startOffset, endOffset, count } of outerFirst)
    isRun.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  let offset = 0
  return text.split('\n').filter((line) => {
    const lineStart = offset
    offset += line.length + 1
    return line.trim() !== '' && isRun.subarray(lineStart, lineStart + line.length).includes(1)
  }).length
}
