import { setTimeout as sleep } from 'node:timers/promises'
import { toTimestamp } from '../../src/kernel/instant.ts'
import { loadOrders } from '../../src/order/partition/order-store.ts'
import { replayOf } from '../../src/order/replay.ts'
import { keepLetters } from '../../workers/operations/dead-letters/letter-storage.ts'
import { bindingOf } from '../support/in-memory-d1.ts'
import type { Call, CallResponse } from './caller.ts'
import { expectStatus, externalOrder, place } from './one-product.ts'
import { closeFiles, has, openFiles } from './stored-orders.ts'

const SERVICES = ['inventory', 'payment', 'order'] as const
const PARTITIONS = { inventory: 'stock', payment: 'payments', order: 'orders' } as const
const DUPLICATES = 'edge_orders_duplicates_suppressed_total'
const MARKERS_MAX = 60
const POLL_MS = 2_000

type Service = (typeof SERVICES)[number]

/** How many events of each service. */
export type Letters = Record<Service, number>

const ofEach = (count: (service: Service) => number): Letters => ({
  inventory: count('inventory'),
  payment: count('payment'),
  order: count('order'),
})

type System = { url: string; key: string; call: Call }

/** Keeps as dead letters every event that was ever sent about these orders. Returns how many each service got. */
export const keepLettersOf = async (stateDir: string, orderIds: readonly string[]): Promise<Letters> => {
  const files = openFiles(stateDir)
  const orders = files.orders
    .filter((file) => has(file, 'orders'))
    .flatMap(({ sql }) => [...loadOrders(sql, orderIds).values()].map(({ order }) => order))
  const at = toTimestamp(Date.now())
  const common = { reason: 'drill', error: 'Kept by a drill.', attempts: 1, firstSeenAt: at }
  const events = SERVICES.flatMap((service) =>
    replayOf(orders, { to: service }, Date.now()).events.map((event) => ({
      ...common,
      consumer: service,
      event,
    })),
  )
  const operations = files.lists.find((file) => has(file, 'dead_letters'))
  if (operations === undefined) throw new Error('No database has dead letters.')
  await keepLetters(bindingOf(operations.sql), events, at)
  closeFiles(files)
  return ofEach((service) => events.filter(({ consumer }) => consumer === service).length)
}

type Sent = { sampled: readonly string[]; letters: Letters; views: readonly unknown[] }

/** Replays the orders, publishes the external ones among them again, and sends all letters to their consumers. */
export const sendAgain = async ({ call }: System, { sampled, letters, views }: Sent): Promise<void> => {
  for (const to of SERVICES) {
    const { events, notFound } = await expectStatus(200, call('POST', '/replays', { to, orderIds: sampled }))
    if (events !== 0 || (notFound as string[]).length !== sampled.length)
      throw new Error('A replay found orders that have left.')
  }
  const externalIds = views
    .map((view) => String((view as CallResponse['body'])['orderId']))
    .filter((orderId) => !sampled.includes(orderId))
  for (const externalId of externalIds)
    await expectStatus(202, call('POST', '/events', externalOrder(externalId)))
  let redriven = 0
  for (let remaining = 1; remaining > 0; ) {
    const body = await expectStatus(200, call('POST', '/dead-letters/redrive', { reason: 'drill' }))
    redriven += (body['redriven'] as string[]).length
    remaining = Number(body['remaining'])
  }
  const events = Object.values(letters).reduce((sum, number) => sum + number, 0)
  if (redriven !== events) throw new Error(`${redriven} of ${events} events were sent again.`)
  console.log(
    `  ${redriven} events were sent again, and ${externalIds.length} external orders published again`,
  )
}

/**
 * Until each service has counted its events as late. It stores its counts with the next row that it writes, so orders are
 * placed meanwhile. Returns how many.
 */
export const waitUntilHandled = async (
  system: System,
  letters: Letters,
  before: Letters,
): Promise<number> => {
  for (let markers = 0; markers < MARKERS_MAX; markers += 1) {
    const counted = await duplicatesOf(system)
    if (SERVICES.every((service) => counted[service] - before[service] >= letters[service])) return markers
    await place(system.call)
    await sleep(POLL_MS)
  }
  throw new Error(`The events that were sent again were not all handled: ${JSON.stringify(letters)}`)
}

/** How many events the partitions of each service have counted that came again, or late, and changed nothing. */
export const duplicatesOf = async ({ url, key }: Pick<System, 'url' | 'key'>): Promise<Letters> => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  const lines = (await response.text()).split('\n')
  const sumOf = (service: Service) =>
    lines
      .filter((line) => line.startsWith(`${DUPLICATES}{partition="${PARTITIONS[service]}-`))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  return ofEach(sumOf)
}
