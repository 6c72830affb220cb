import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkBooks } from '../../bench/books.ts'
import type { HttpClient } from '../../bench/http-client.ts'
import { createNumbers, type Numbers, type Sent, sendAtRate, sendBurst } from '../../bench/load.ts'
import type { Mix } from '../../bench/mixes.ts'
import { readSettled, type StoredOrder } from '../../bench/settled.ts'
import { median, percentile } from '../../bench/statistics.ts'
import { type System, startSystem } from '../../bench/system.ts'
import { busy, ours } from '../../bench/variants/ours.ts'
import type { Variant } from '../../bench/variants/variant.ts'

/** Few products: setting them up takes time, and the burst is not about them. */
const PRODUCTS = 20
const PLENTY = 10_000_000
const WARM_UP_BURSTS = 3
const BURST_ORDERS = 1_000
const CONCURRENCY = 64
const FACTORS = [3, 5]
/** After the last order is settled: lists, alarms and redeliveries go on for a moment. */
const REST_MS = 10_000
const ACCEPTED = 202
const OVERLOADED = 503
/** A connection that the runtime closed is opened again, under the same idempotency key. */
const CONNECTIONS_MAX = 3
const CONNECT_AGAIN_MS = 500

const mix: Mix = {
  name: 'drill',
  products: Array.from({ length: PRODUCTS }, (_, index) => ({
    productId: `drill-${index}`,
    quantity: PLENTY,
  })),
  submission: (number) => ({
    body: { items: [{ productId: `drill-${number % PRODUCTS}`, quantity: 1 }] },
    key: `drill-${number}`,
  }),
}

type Drill = { system: System; client: PatientClient; numbers: Numbers; orders: StoredOrder[] }

/**
 * More orders than the system can take, for `count` seconds, and an outage of the payment consumer at half of the
 * capacity for as long. Throws where an order is lost, where the outage is answered 503, or where the books do not balance.
 */
const sendPastCapacityOf = async (variant: Variant, seconds: number): Promise<void> => {
  const system = await startSystem(variant, mix.products)
  const client = createPatientClient(system.client)
  const drill: Drill = { system, client, numbers: createNumbers(), orders: [] }
  try {
    const capacity = await measureCapacity(drill)
    console.log(`capacity: ${Math.round(capacity)} orders/s settled, ${memoryOf(system)}`)
    for (const factor of FACTORS) await flood(drill, capacity * factor, seconds)
    await stopPayments(drill, capacity / 2, seconds)
    await checkBooks(system.client, mix, drill.orders)
    console.log(`${drill.orders.length} orders were accepted, all are settled, and the books balance`)
    console.log(`${client.connectedAgain()} requests were sent again: their connection was closed`)
  } finally {
    await system.stop()
  }
}

type Load = { count: number }

/** The whole system shares one thread here. So what is full is the machine. */
export const sendPastCapacity = ({ count }: Load): Promise<void> => sendPastCapacityOf(ours, count)

/** What is full is the order partition, as on the platform, where each partition has a thread of its own. */
export const sendPastPartition = ({ count }: Load): Promise<void> => sendPastCapacityOf(busy, count)

const measureCapacity = async (drill: Drill): Promise<number> => {
  const perSecond: number[] = []
  for (let burst = 0; burst < WARM_UP_BURSTS; burst += 1) {
    const startedAt = Date.now()
    const target = { client: drill.system.client, mix, numbers: drill.numbers }
    const settled = await settle(
      drill,
      await sendBurst(target, { count: BURST_ORDERS, concurrency: CONCURRENCY }),
    )
    const tookMs = Math.max(...settled.map(({ settledAt }) => settledAt)) - startedAt
    perSecond.push((settled.length * 1_000) / tookMs)
  }
  return perSecond.at(-1) ?? 0
}

const flood = async (drill: Drill, perSecond: number, seconds: number): Promise<void> => {
  await sleep(REST_MS)
  const { system } = drill
  const before = memoryOf(system)
  const sent = await send(drill, perSecond, seconds)
  const during = memoryOf(system)
  console.log(`${Math.round(perSecond)} orders/s for ${seconds} s: ${summaryOf(sent)}`)
  await reportSettling(drill, sent)
  await sleep(REST_MS)
  console.log(`  memory: ${before} before, ${during} at the end of the load, ${memoryOf(system)} after`)
}

/** The payment partitions cannot be written to, so their consumer handles no event. */
const stopPayments = async (drill: Drill, perSecond: number, seconds: number): Promise<void> => {
  const folder = join(drill.system.stateFolder, 'do/edge-orders-payment-PaymentObject')
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite')
  const locks = files.map((name) => new DatabaseSync(join(folder, name)))
  for (const lock of locks) lock.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
  const sent = await send(drill, perSecond, seconds).finally(() => {
    for (const lock of locks) lock.close()
  })
  console.log(
    `payment stopped, ${Math.round(perSecond)} orders/s for ${seconds} s: ${summaryOf(sent)}, ${memoryOf(drill.system)}`,
  )
  await reportSettling(drill, sent)
  if (sent.some(({ status }) => status === OVERLOADED))
    throw new Error('An outage of the payment consumer was answered 503.')
}

const send = ({ client, numbers }: Drill, perSecond: number, seconds: number): Promise<Sent[]> =>
  sendAtRate({ client, mix, numbers }, { perSecond, seconds })

type PatientClient = HttpClient & { connectedAgain(): number }

/** Far past its capacity the local runtime closes connections that wait. A real caller sends the request again. */
const createPatientClient = (client: HttpClient): PatientClient => {
  let again = 0
  const call: HttpClient['call'] = async (...asked) => {
    for (let connection = 1; connection < CONNECTIONS_MAX; connection += 1) {
      try {
        return await client.call(...asked)
      } catch {
        again += 1
        await sleep(CONNECT_AGAIN_MS)
      }
    }
    return await client.call(...asked)
  }
  return { ...client, call, connectedAgain: () => again }
}

const reportSettling = async (drill: Drill, sent: readonly Sent[]): Promise<void> => {
  const startedAt = Date.now()
  const settled = await settle(drill, sent)
  console.log(
    `  all ${settled.length} accepted orders are settled, ${Date.now() - startedAt} ms after the load`,
  )
}

const settle = async ({ system, orders }: Drill, sent: readonly Sent[]): Promise<StoredOrder[]> => {
  const other = sent.find(({ status }) => status !== ACCEPTED && status !== OVERLOADED)
  if (other !== undefined) throw new Error(`POST /orders got ${other.status}`)
  const settled = await readSettled(system.client, sent)
  orders.push(...settled)
  return settled
}

const summaryOf = (sent: readonly Sent[]): string => {
  const [accepted, refused] = [ACCEPTED, OVERLOADED].map((wanted) =>
    sent.filter(({ status }) => status === wanted).map(({ latencyMs }) => latencyMs),
  ) as [number[], number[]]
  return `${accepted.length} accepted (${timesOf(accepted)}), ${refused.length} answered 503 (${timesOf(refused)})`
}

const timesOf = (timesMs: readonly number[]): string =>
  timesMs.length === 0
    ? 'none'
    : `p50 ${Math.round(median(timesMs))} ms, p99 ${Math.round(percentile(timesMs, 0.99))} ms`

const memoryOf = (system: System): string => `${Math.round(system.residentBytes() / 2 ** 20)} MB`
