import type { Customer } from '../../../src/contracts/customer-erasure.ts'
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { isSettled, type Order } from '../../../src/order/order.ts'
import type { ErasureReply, ErasureRequest } from '../../../src/order/partition/customer-erasure.ts'
import { requestFor } from '../clients/client-ports.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import { IDEMPOTENT, type Persist } from '../clients/persist.ts'
import { replayOrders } from '../clients/replay-events.ts'
import { booksOf, checkErasure } from '../invariants/erasure.ts'
import { excusedOrders, load } from '../invariants/stored.ts'
import { createInvocation, type Outlet, type Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import { CRON_EVERY_MS } from './platform-faults.ts'
import { NEVER_FULL } from './setup.ts'
import type { Workload } from './workload.ts'

/** In one world of ten: it takes as long as another one. */
const SHARE = 0.1
const FAULTS_MS = 2 * MINUTE_MS
/** A message may be an hour late, and a clock an hour slow. */
const REST_MS = 4 * HOUR_MS
const LIST_MS = 2 * MINUTE_MS

type Scene = { system: System; records: ClientRecords; workload: Workload; persist: Persist }

/**
 * Once the world is at rest, an operator erases a customer, while an order of the customer is under way and events of the
 * earlier ones come again. The faults of the world go on meanwhile. The operator comes back for the orders that had to wait.
 */
export const eraseCustomer = async (platform: Platform, scene: Scene): Promise<void> => {
  const { system } = scene
  const { scheduler, faults } = platform
  const random = platform.stream('erased customer')
  const [first, ...others] = knownOrders(scene)
  if (random.chance() >= SHARE || first === undefined) return
  const model = random.pick([first, ...others])
  const customer = { client: model.client ?? '', customerId: model.customerId ?? '' }
  const orderIds = [first, ...others].filter((order) => isOf(order, customer)).map(({ orderId }) => orderId)
  const before = booksOf(system, orderIds)
  const start = (atMs: number, name: string, task: (outlet: Outlet) => Promise<void>) => {
    const outlet = createInvocation(platform, `erasing ${name}`)
    scheduler.after(atMs, outlet.actor, () => void task(outlet))
  }
  platform.trace('cloud', () => `${customer.customerId} is to be erased`)
  faults.isOn = true
  // Elsewhere the customer would have to look for a partition with room, as the edge does.
  if (system.setup.ordersPerPartition === NEVER_FULL)
    start(0, 'customer', (outlet) => placeLike(scene, model, outlet))
  start(random.below(2_000), 'operator', (outlet) => erase(scene, customer, outlet))
  for (const [nth, to] of (['inventory', 'payment', 'inventory', 'payment'] as const).entries())
    start(
      random.below(FAULTS_MS),
      `replay ${nth}`,
      async (outlet) => void (await replayOrders(scene, { orderIds, to }, outlet)),
    )
  await scheduler.runUntil(scheduler.now + FAULTS_MS)
  faults.isOn = false
  start(CRON_EVERY_MS, 'trigger', async () => system.runCronTriggers())
  await scheduler.runUntil(scheduler.now + REST_MS)
  start(0, 'operator again', (outlet) => erase(scene, customer, outlet))
  start(
    LIST_MS / 2,
    'late event',
    async (outlet) => void (await replayOrders(scene, { orderIds, to: 'inventory' }, outlet)),
  )
  await scheduler.runUntil(scheduler.now + LIST_MS)
  checkErasure(system, { customer, before }, (invariant, detail) => platform.violated(invariant, detail))
}

/** Settled orders of customers. An order whose money the bank refuses to return is never settled, so it is left out. */
const knownOrders = (scene: Scene): Order[] => {
  const stored = load(scene.system)
  const excused = excusedOrders(stored, scene)
  return [...stored.orders.values()].flatMap(({ order }) =>
    order.client !== null && order.customerId !== undefined && isSettled(order) && !excused.has(order.orderId)
      ? [order]
      : [],
  )
}

const isOf = ({ client, customerId }: Order, customer: Customer): boolean =>
  client === customer.client && customerId === customer.customerId

/** The customer places the same order once more. */
const placeLike = async ({ system, persist }: Scene, model: Order, outlet: Outlet): Promise<void> => {
  const { currency, totalMinor, lines, client, customerId } = model
  const { orders } = system.partitionsFor(outlet)
  const key = 'once more'
  const request = requestFor('POST /orders', key, { model: model.orderId })
  const { label, orderId } = orders.assign(key, outlet.actor.now())
  const about = { orderId, client: client ?? '', currency, totalMinor, lines, reference: key }
  const value = { ...about, ...(customerId !== undefined && { customerId }), paymentToken: 'pm_card_visa' }
  await persist(outlet, IDEMPOTENT, async () => {
    await orders.at(label).place({ request, placement: { ok: true, value }, bounds: undefined })
  })
}

const erase = async ({ system, persist }: Scene, customer: Customer, outlet: Outlet): Promise<void> => {
  const { orders } = system.partitionsFor(outlet)
  for (const label of orders.labels) {
    let after: string | undefined = ''
    while (after !== undefined) {
      const request: ErasureRequest = { customer, after, isDryRun: false }
      const reply: ErasureReply | undefined = await persist(outlet, IDEMPOTENT, () =>
        orders.eraseCustomer(label, request),
      )
      after = reply?.next
    }
  }
}
