import { DurableObject } from 'cloudflare:workers'
import { createSender, type Report } from './events.ts'
import type { WithFeatures } from './features.ts'
import { createRows, type Rows } from './rows.ts'
import { applyReport, eventOf, type Order, viewOf } from './saga.ts'

export type OrderEnv = WithFeatures & {
  ORDERS: DurableObjectNamespace<OrderObject>
  STOCK: DurableObjectNamespace<import('./inventory.ts').StockObject>
  ORDERS_DB: D1Database
  INVENTORY_INBOX: Queue
  PAYMENT_INBOX: Queue
}

export type Placement = Omit<Order, 'status' | 'placedAt'>

/** One order, or all of them. */
export class OrderObject extends DurableObject<OrderEnv> {
  readonly #rows: Rows<Order>
  readonly #publish: (events: readonly object[]) => Promise<void>

  constructor(ctx: DurableObjectState, env: OrderEnv) {
    super(ctx, env)
    this.#rows = createRows<Order>(ctx, env.FEATURES, {
      idOf: ({ orderId }) => orderId,
      isDone: ({ settledAt }) => settledAt !== undefined,
      writeList: (orders) => writeOrderList(env.ORDERS_DB, orders),
    })
    this.#publish = createSender(ctx, [env.INVENTORY_INBOX, env.PAYMENT_INBOX], env.FEATURES)
  }

  async place(placements: readonly Placement[]) {
    const placedAt = Date.now()
    const orders = placements.map((placement): Order => ({ ...placement, status: 'pending', placedAt }))
    await this.#rows.put(orders)
    await this.#publish(orders.map((order) => eventOf('OrderPlaced', order)))
    return orders.map(viewOf)
  }

  async apply(reports: readonly Report[]): Promise<void> {
    const orders = this.#rows.getAll(reports.map(({ orderId }) => orderId))
    const now = Date.now()
    const events = reports.flatMap((report) => {
      const order = orders.get(report.orderId)
      return (order && applyReport(order, report, now)) ?? []
    })
    await this.#rows.put([...orders.values()])
    await this.#publish(events)
  }

  view(orderId: string) {
    const order = this.#rows.get(orderId)
    return order && viewOf(order)
  }

  override async alarm(): Promise<void> {
    await this.#rows.list()
  }
}

const writeOrderList = async (database: D1Database, orders: readonly Order[]): Promise<void> => {
  const rows = orders.map((order) => ({ ...order, view: JSON.stringify(viewOf(order)) }))
  await database
    .prepare(
      `INSERT INTO orders (order_id, placed_at, status, view)
      SELECT value ->> 'orderId', value ->> 'placedAt', value ->> 'status', value ->> 'view' FROM json_each(?) WHERE true
      ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, view = excluded.view`,
    )
    .bind(JSON.stringify(rows))
    .run()
}
