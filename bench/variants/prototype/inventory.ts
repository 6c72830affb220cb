import { DurableObject } from 'cloudflare:workers'
import { eventsIn, groupedBy, type OrderEvent, type StockReport, send } from './events.ts'
import type { WithFeatures } from './features.ts'

type InventoryEnv = WithFeatures & { STOCK: DurableObjectNamespace<StockObject>; ORDER_INBOX: Queue }

type Level = { product_id: string; on_hand: number; reserved: number }
type Hold = { order_id: string; state: StockReport['type'] }

/** The stock of one product, or of all. */
export class StockObject extends DurableObject<InventoryEnv> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: InventoryEnv) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#run(
      'CREATE TABLE IF NOT EXISTS levels (product_id TEXT PRIMARY KEY, on_hand INTEGER, reserved INTEGER) WITHOUT ROWID',
    )
    this.#run('CREATE TABLE IF NOT EXISTS holds (order_id TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID')
  }

  receive(productId: string, quantity: number): void {
    this.#run(
      'INSERT OR REPLACE INTO levels (product_id, on_hand, reserved) VALUES (?, ?, 0)',
      productId,
      quantity,
    )
  }

  level(productId: string) {
    const [level] = this.#levels([productId])
    return { onHand: level?.on_hand ?? 0, reserved: level?.reserved ?? 0 }
  }

  /** All events in one commit. Each level is written once. A repeated event is reported again and changes nothing. */
  apply(events: readonly OrderEvent[]): StockReport[] {
    const levels = new Map(
      this.#levels(events.map(({ productId }) => productId)).map((level) => [level.product_id, level]),
    )
    const holds = new Map(this.#holds(events).map(({ order_id, state }) => [order_id, state]))
    const [changedLevels, changedHolds] = [new Set<Level>(), new Set<string>()]
    const reports = events.map((event): StockReport => {
      const { orderId, productId, quantity } = event
      const level = levels.get(productId) ?? { product_id: productId, on_hand: 0, reserved: 0 }
      const before = holds.get(orderId)
      const state = nextState(before, event, level.on_hand - level.reserved)
      if (state === before) return { type: state, orderId }
      holds.set(orderId, state)
      changedHolds.add(orderId)
      if (state === 'StockReserved') level.reserved += quantity
      if (state === 'StockCommitted') level.on_hand -= quantity
      if (before === 'StockReserved') level.reserved -= quantity
      if (state !== 'StockRefused') changedLevels.add(level)
      return { type: state, orderId }
    })
    for (const { product_id, on_hand, reserved } of changedLevels)
      this.#run(
        'UPDATE levels SET on_hand = ?, reserved = ? WHERE product_id = ?',
        ...[on_hand, reserved, product_id],
      )
    for (const orderId of changedHolds)
      this.#run(
        'INSERT INTO holds (order_id, state) VALUES (?, ?) ON CONFLICT (order_id) DO UPDATE SET state = excluded.state',
        ...[orderId, holds.get(orderId) ?? null],
      )
    return reports
  }

  #levels(productIds: readonly string[]): Level[] {
    return this.#sql
      .exec<Level>(
        'SELECT product_id, on_hand, reserved FROM levels WHERE product_id IN (SELECT value FROM json_each(?))',
        JSON.stringify([...new Set(productIds)]),
      )
      .toArray()
  }

  #holds(events: readonly OrderEvent[]): Hold[] {
    return this.#sql
      .exec<Hold>(
        'SELECT order_id, state FROM holds WHERE order_id IN (SELECT value FROM json_each(?))',
        JSON.stringify(events.map(({ orderId }) => orderId)),
      )
      .toArray()
  }

  #run(query: string, ...bindings: (string | number | null)[]): void {
    this.#sql.exec(query, ...bindings).toArray()
  }
}

const nextState = (
  state: StockReport['type'] | undefined,
  { type, quantity }: OrderEvent,
  available: number,
): StockReport['type'] => {
  if (type === 'OrderPlaced') return state ?? (available < quantity ? 'StockRefused' : 'StockReserved')
  if (type === 'OrderConfirmed')
    return state === 'StockReserved' ? 'StockCommitted' : (state ?? 'StockRefused')
  return state === undefined || state === 'StockReserved' ? 'StockReleased' : state
}

export default {
  /** No client reaches this Worker. */
  fetch: async () => new Response(null, { status: 404 }),

  /** The inventory inbox: events of orders. */
  queue: async (batch, env) => {
    const objectName = env.FEATURES.partitions ? () => 'stock' : ({ productId }: OrderEvent) => productId
    const groups = groupedBy(eventsIn<OrderEvent>(batch), objectName)
    const reports = await Promise.all(
      groups.map(async ([name, events]) => await env.STOCK.getByName(name).apply(events)),
    )
    await send(env.ORDER_INBOX, reports.flat(), env.FEATURES)
  },
} satisfies ExportedHandler<InventoryEnv>
