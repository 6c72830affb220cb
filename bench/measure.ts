import { checkBank, checkBooks } from './books.ts'
import type { HttpClient } from './http-client.ts'
import { createNumbers, OVERLOADED, type Sent, sendAtRate, sendBurst } from './load.ts'
import type { Mix } from './mixes.ts'
import { readSettled, type StoredOrder } from './settled.ts'
import { median, percentile } from './statistics.ts'
import type { System } from './system.ts'

const BURST_CONCURRENCY = 64
const WARM_UP_BURSTS = 4
/** A backlog is flat where the orders that settle while load runs are nearly as many as those that come. */
const FLAT_SHARE = 0.97
/** The start of a window, in which the backlog may still grow to its height. */
const RAMP_SHARE = 0.25

export type Latencies = {
  acceptP50Ms: number
  acceptP99Ms: number
  decideP50Ms: number
  decideP99Ms: number
  settleP50Ms: number
  settleP99Ms: number
}

export type Burst = {
  acceptedPerSecond: number
  settledPerSecond: number
  cpuMsPerOrder: number
  residentMegabytes: number
}

export type RateWindow = {
  perSecond: number
  latencies: Latencies
  settledPerSecond: number
  /** The backlog did not grow, nothing was refused, and the generator kept up. */
  isFlat: boolean
}

/** Measures one running system with one mix. Each method leaves it at rest, with its books checked. */
export const createMeasurement = (system: System, mix: Mix) => {
  const numbers = createNumbers()
  const all = new Map<string, StoredOrder>()

  /** What was accepted is settled and right, or there is no figure. A system may refuse orders only by its load. */
  const settle = async (sent: readonly Sent[]): Promise<StoredOrder[]> => {
    const wrong = sent.find(({ status }) => status !== 202 && status !== OVERLOADED)
    if (wrong !== undefined) throw new Error(`Submission ${wrong.number} was answered ${wrong.status}.`)
    const orders = await readSettled(system.client, sent)
    for (const order of orders) all.set(order.orderId, order)
    return orders
  }

  const burst = async (client: HttpClient, count: number): Promise<Burst> => {
    const target = { client, mix, numbers }
    const cpuBefore = system.processorTimeMs()
    const startedAt = Date.now()
    const sent = await sendBurst(target, { count, concurrency: BURST_CONCURRENCY })
    const acceptedMs = Date.now() - startedAt
    const orders = await settle(sent)
    const cpuMs = system.processorTimeMs() - cpuBefore
    const settledMs = Math.max(...orders.map(({ settledAt }) => settledAt)) - startedAt
    return {
      acceptedPerSecond: (orders.length * 1_000) / acceptedMs,
      settledPerSecond: (orders.length * 1_000) / settledMs,
      cpuMsPerOrder: cpuMs / orders.length,
      residentMegabytes: system.residentBytes() / 2 ** 20,
    }
  }

  const window = async (perSecond: number, seconds: number): Promise<RateWindow> => {
    const target = { client: system.client, mix, numbers }
    const startedAt = Date.now()
    const sent = await sendAtRate(target, { perSecond, seconds })
    const orders = await settle(sent)
    const from = startedAt + seconds * 1_000 * RAMP_SHARE
    const until = startedAt + seconds * 1_000
    const isIn = (at: number) => at >= from && at < until
    const placed = orders.filter(({ placedAt }) => isIn(placedAt)).length
    const settled = orders.filter(({ settledAt }) => isIn(settledAt)).length
    const windowSeconds = (until - from) / 1_000
    const isKeptUp = placed >= FLAT_SHARE * perSecond * windowSeconds * uniqueShare(orders, sent)
    return {
      perSecond,
      latencies: latenciesOf(
        sent.filter(({ status }) => status === 202),
        orders,
      ),
      settledPerSecond: settled / windowSeconds,
      isFlat: settled >= FLAT_SHARE * placed && isKeptUp && sent.every(({ status }) => status === 202),
    }
  }

  return {
    warmUp: async (orders: number) => {
      for (let done = 0; done < WARM_UP_BURSTS; done += 1)
        await burst(system.client, Math.ceil(orders / WARM_UP_BURSTS))
    },
    burst,
    window,
    checkBooks: () => checkBooks(system.client, mix, all.values()),
    /** Reads the bank's own books from the files of the system, which has ended. */
    checkBank: (stateFolder: string) => checkBank(stateFolder, all.values()),
  }
}

const uniqueShare = (orders: readonly StoredOrder[], sent: readonly Sent[]): number =>
  orders.length / sent.length

const latenciesOf = (sent: readonly Sent[], orders: readonly StoredOrder[]): Latencies => {
  const accept = sent.map(({ latencyMs }) => latencyMs)
  const decide = orders.map(({ placedAt, decidedAt }) => decidedAt - placedAt)
  const settle = orders.map(({ placedAt, settledAt }) => settledAt - placedAt)
  return {
    acceptP50Ms: median(accept),
    acceptP99Ms: percentile(accept, 0.99),
    decideP50Ms: median(decide),
    decideP99Ms: percentile(decide, 0.99),
    settleP50Ms: median(settle),
    settleP99Ms: percentile(settle, 0.99),
  }
}
