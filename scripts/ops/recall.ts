import { setTimeout as sleep } from 'node:timers/promises'
import { ApiProblem, type Client, type Order, orThrow, pages } from '../../packages/client/src/index.ts'
import { parseTimestamp, SECOND_MS, toTimestamp } from '../../src/kernel/instant.ts'
import { type Arguments, required } from './arguments.ts'
import { WITHOUT_KEY } from './call.ts'
import type { Report } from './command.ts'
import { createPaced, rateIn } from './paced.ts'
import { UsageError } from './usage.ts'

/** Cancellations a second: a tenth of what one order partition does, so that new orders come first. */
const RATE = 20

/** The list of orders follows two to three seconds behind. */
const LIST_BEHIND_MS = 4 * SECOND_MS

/** Each pass finds what the list did not have in the pass before. The first that finds nothing new is the last. */
const PASSES_MAX = 5

/** Every other order would be refused in the same way. */
const NO_KEY = [401, 403]

/** What became of each order, by its id. Each order is in one of them. */
type Outcome = {
  cancelled: string[]
  alreadyCancelled: string[]
  /** Rejected: it holds no stock and no money. */
  notCancellable: string[]
  failed: { orderId: string; error: string }[]
}

/** Cancels the orders with a product that were placed in a time. It may be stopped and run again at any moment. */
export const recall = async (api: Client, given: Arguments): Promise<Report> => {
  const { ids, reason, 'dry-run': isDryRun = false } = given
  if (ids.length > 0) throw new UsageError('Give either an id or --product.')
  const query = {
    productId: required(given.product, '--product'),
    placedAfter: timeIn(required(given.since, '--since'), '--since'),
    placedBefore: given.until === undefined ? toTimestamp(Date.now()) : timeIn(given.until, '--until'),
  }
  const paced = createPaced(rateIn(given.rate, RATE))
  const outcome: Outcome = { cancelled: [], alreadyCancelled: [], notCancellable: [], failed: [] }
  const seen = new Set<string>()

  const handle = async (order: Order): Promise<void> => {
    const { orderId, status } = order
    if (status === 'cancelled') return void outcome.alreadyCancelled.push(orderId)
    if (status === 'rejected') return void outcome.notCancellable.push(orderId)
    if (isDryRun) return void outcome.cancelled.push(orderId)
    try {
      outcome[await cancel(api, order, reason)].push(orderId)
    } catch (error) {
      if (!(error instanceof ApiProblem) || NO_KEY.includes(error.status)) throw error
      outcome.failed.push({ orderId, error: error.message })
    }
  }

  /** How many orders the list has that no pass has seen. */
  const pass = async (): Promise<number> => {
    const before = seen.size
    const read = pages((page) => api.GET('/orders', { params: { query: { ...query, limit: 100, ...page } } }))
    for await (const orders of read) {
      const fresh = orders.filter((order) => !seen.has(keyOf(order)))
      for (const order of fresh) seen.add(keyOf(order))
      const isQuick = (order: Order) => isDryRun || !isOpen(order)
      for (const order of fresh.filter(isQuick)) await handle(order)
      await paced.each(
        fresh.filter((order) => !isQuick(order)),
        handle,
      )
      if (fresh.length > 0) console.error(`${seen.size} orders found, ${countsOf(outcome, isDryRun)}.`)
    }
    return seen.size - before
  }

  for (let passes = 1; (await pass()) > 0 && passes < PASSES_MAX && !isDryRun; passes += 1) {
    await sleep(LIST_BEHIND_MS)
  }
  return reportOf(outcome, { ...query, isDryRun })
}

const timeIn = (given: string, flag: string): string => {
  if (parseTimestamp(given) === undefined) {
    throw new UsageError(`${flag} must be a time such as 2026-11-23T14:20:00Z, not "${given}".`)
  }
  return given
}

/** Different clients may have orders with the same external id. */
const keyOf = ({ client = '', orderId }: Order): string => `${client}/${orderId}`

const isOpen = ({ status }: Order): boolean => status === 'pending' || status === 'confirmed'

/** An order may have changed since it was listed. */
const cancel = async (
  api: Client,
  { orderId, client }: Order,
  reason: string | undefined,
): Promise<'cancelled' | 'alreadyCancelled' | 'notCancellable'> => {
  const query = client === undefined ? {} : { client }
  const body = reason === undefined ? {} : { reason }
  const params = { path: { orderId }, query }
  const cancelled = await api.POST('/orders/{orderId}/cancel', { params, body, headers: WITHOUT_KEY })
  if (cancelled.error?.code === 'order_not_cancellable') return 'notCancellable'
  await orThrow(Promise.resolve(cancelled))
  return cancelled.response.status === 202 ? 'cancelled' : 'alreadyCancelled'
}

const countsOf = (outcome: Outcome, isDryRun: boolean): string => {
  const { cancelled, alreadyCancelled, notCancellable, failed } = outcome
  return [
    `${cancelled.length} ${isDryRun ? 'to be cancelled' : 'cancelled'}`,
    `${alreadyCancelled.length} cancelled before`,
    `${notCancellable.length} rejected`,
    ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
  ].join(', ')
}

type About = { productId: string; placedAfter: string; placedBefore: string; isDryRun: boolean }

const reportOf = (outcome: Outcome, about: About): Report => {
  const { productId, placedAfter, placedBefore, isDryRun } = about
  const rows = [
    ...outcome.cancelled.map((orderId) => [orderId, isDryRun ? 'would be cancelled' : 'cancelled']),
    ...outcome.alreadyCancelled.map((orderId) => [orderId, 'was cancelled before']),
    ...outcome.notCancellable.map((orderId) => [orderId, 'rejected: there is nothing to cancel']),
    ...outcome.failed.map(({ orderId, error }) => [orderId, `not cancelled: ${error}`]),
  ]
  const found = `${rows.length} orders with ${productId} from ${placedAfter} to ${placedBefore}`
  const again = outcome.failed.length === 0 ? '' : ' Run the command again for those that failed.'
  return {
    rows,
    note: `${found}: ${countsOf(outcome, isDryRun)}.${again}`,
    response: { ...about, ...outcome },
    isIncomplete: outcome.failed.length > 0,
  }
}
