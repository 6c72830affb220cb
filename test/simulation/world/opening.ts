import { WEBHOOK_TYPES } from '../../../src/contracts/webhook-types.ts'
import type { StockObject } from '../../../workers/inventory/stock-object.ts'
import { RECEIVER_URL } from '../platform/receiver.ts'
import type { Actor, Scheduler } from '../platform/scheduler.ts'
import type { System } from '../system/system.ts'
import type { SimulatedProduct } from './setup.ts'

/** The time that the first products need to be in the catalogue. */
export const OPENING_MS = 10_000
/** A product that could not be launched is launched again after this. */
const LAUNCH_AGAIN_MS = 1_000

const OPENING = { what: 'opening', touches: [], isManyTurns: true }

/** Opens all partitions, and puts the products and their stock there: before any fault, or at their launch. */
export const openPartitions = (system: System, cloud: Actor, scheduler: Scheduler): void => {
  for (const product of system.setup.products) launch(product, { system, cloud, scheduler })
  const noClient = { client: 'none', scopes: [] }
  for (const object of system.orders.values())
    void object.call(cloud, OPENING, (partition) => partition.get('', noClient))
  for (const object of system.stock.values())
    void object.call(cloud, OPENING, (partition) => partition.product(''))
  for (const object of system.payments.values())
    void object.call(cloud, OPENING, (partition) => partition.get('', noClient))
  for (const object of system.banks.values()) void object.call(cloud, OPENING, (bank) => bank.books(''))
}

const launch = (
  product: SimulatedProduct,
  { system, cloud, scheduler }: { system: System; cloud: Actor; scheduler: Scheduler },
): void => {
  const object = system.stockOf(product.productId)
  const tryLaunch = (): void => {
    void object
      ?.call(cloud, OPENING, (stock) => receiveStock(stock, product))
      .catch(() => scheduler.after(LAUNCH_AGAIN_MS, cloud, tryLaunch))
  }
  scheduler.after(product.launchAtMs === 0 ? 0 : OPENING_MS + product.launchAtMs, cloud, tryLaunch)
}

const receiveStock = (
  stock: StockObject,
  { productId, unitPriceMinor, received }: SimulatedProduct,
): void => {
  if ((stock.product(productId)?.levelRevision ?? 0) > 0) return
  stock.putProduct({ productId, name: `Product ${productId}`, unitPriceMinor, currency: 'USD' })
  stock.adjust({
    ...{ adjustmentId: `receipt-${productId}`, productId, delta: received },
    ...{ reason: 'receipt', request: undefined },
  })
}

/** Sends the order partitions the types that webhooks want, unless the world leaves that open. */
export const openWebhooks = (system: System, cloud: Actor): void => {
  const { webhooks } = system.setup
  const caller = { client: 'listener', scopes: ['operations' as const] }
  if (webhooks === 'wanted') {
    const secret = `whsec_${btoa('a secret of the right length')}`
    const wanted = { webhookId: 'wh_1', secret, url: RECEIVER_URL, types: WEBHOOK_TYPES, caller }
    void system.webhooks.call(cloud, OPENING, (object) => object.register({ ...wanted, request: undefined }))
  }
  if (webhooks === 'none') {
    for (const object of system.orders.values())
      void object.call(cloud, OPENING, (partition) => partition.want({ revision: 0, types: [] }))
  }
}
