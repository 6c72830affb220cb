import { checkBooks } from './books.ts'
import { createNumbers, type Sent, sendAtRate, sendBurst } from './load.ts'
import type { Mix } from './mixes.ts'
import { readSettled, type StoredOrder } from './settled.ts'
import { median, percentile } from './statistics.ts'
import type { System } from './system.ts'

/** The first thousand orders of a cold process cost 1 to 2 ms more each: V8 has not compiled their way yet. */
const WARM_UP_ORDERS = 2_000
const BURST_CONCURRENCY = 64
/** A window of load is followed by the next only when the one before is settled. */
const SEARCH_SECONDS = 8
const SEARCH_STEPS = 5
/** A rate past the capacity is answered so, and is no rate with a flat backlog. */
const OVERLOADED = 503
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
  /** The backlog did not grow, and the generator kept up. */
  isFlat: boolean
}

/** Measures one running system with one mix. Each method leaves it at rest, with its books checked. */
export const createMeasurement = (system: System, mix: Mix) => {
  const numbers = createNumbers()
  const target = { client: system.client, mix, numbers }
  const all = new Map<string, StoredOrder>()

  /** What was accepted is settled and right, or there is no figure. */
  const settle = async (sent: readonly Sent[]): Promise<StoredOrder[]> => {
    const refused = sent.find(({ status }) => status !== 202 && status !== OVERLOADED)
    if (refused !== undefined) throw new Error(`Submission ${refused.number} was answered ${refused.status}.`)
    const orders = await readSettled(system.client, sent)
    for (const order of orders) all.set(order.orderId, order)
    return orders
  }

  const burst = async (count: number): Promise<Burst> => {
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
    const startedAt = Date.now()
    const sent = await sendAtRate(target, { perSecond, seconds })
    const orders = await settle(sent)
    const from = startedAt + seconds * 1_000 * RAMP_SHARE
    const until = startedAt + seconds * 1_000
    const isIn = (at: number) => at >= from && at < until
    const placed = orders.filter(({ placedAt }) => isIn(placedAt)).length
    const settled = orders.filter(({ settledAt }) => isIn(settledAt)).length
    const windowSeconds = (until - from) / 1_000
    const isKeptUp =
      !sent.some(({ status }) => status === OVERLOADED) &&
      placed >= FLAT_SHARE * perSecond * windowSeconds * uniqueShare(orders, sent)
    return {
      perSecond,
      latencies: latenciesOf(sent, orders),
      settledPerSecond: settled / windowSeconds,
      isFlat: settled >= FLAT_SHARE * placed && isKeptUp,
    }
  }

  return {
    warmUp: async () => {
      for (let done = 0; done < WARM_UP_ORDERS; done += WARM_UP_ORDERS / 4) await burst(WARM_UP_ORDERS / 4)
    },
    burst,
    window,
    /** The highest rate with a flat backlog, by halving the interval between a rate that is flat and one that is not. */
    highestRate: async (guess: number, confirmSeconds: number): Promise<RateWindow | undefined> => {
      let low = 0
      let high = guess * 1.5
      let rate = guess
      for (let step = 0; step < SEARCH_STEPS; step += 1) {
        const { isFlat } = await window(rate, SEARCH_SECONDS)
        if (isFlat) low = rate
        else high = rate
        rate = (low + high) / 2
      }
      for (let confirmed = low; confirmed > high / 4; confirmed *= 0.95) {
        const longer = await window(confirmed, confirmSeconds)
        if (longer.isFlat) return longer
      }
      return undefined
    },
    checkBooks: () => checkBooks(system.client, mix, all.values()),
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
