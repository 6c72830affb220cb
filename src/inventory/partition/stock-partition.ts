import type { DomainEvent, EventOf } from '../../contracts/events.ts'
import { type Instant, MINUTE_MS } from '../../kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../kernel/trace.ts'
import { type Alarm, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import { LISTING_DELAY_MS, nextListingAt, tryListing } from '../../messaging/listing.ts'
import { toSubscribers } from '../../messaging/outgoing.ts'
import { DUE_ROWS_MAX, type PartitionHost } from '../../messaging/partition.ts'
import { migrate } from '../../messaging/schema.ts'
import { attempt } from '../../messaging/turn.ts'
import { type Adjustment, type Movement, movementOfAdjustment, movementsOf } from '../movements.ts'
import { isSameProduct, levelCrossed, type Product, productChanged } from '../product.ts'
import { applyCommand, type Hold, type Level, type StockCommand } from '../stock.ts'
import { reservationOverdue } from '../verdict.ts'
import {
  type AdjustAnswer,
  type AdjustRequest,
  createAdjusting,
  type LevelView,
  viewLevel,
} from './adjustment.ts'
import { createStockFacts, type Occasion, type StockFacts } from './stock-facts.ts'
import {
  earliestDue,
  loadDueAdjustments,
  loadDueFacts,
  loadDueHolds,
  loadHolds,
  loadProducts,
  loadProductsAfter,
  STOCK_TABLES,
  type StockRow,
  settleAdjustment,
  settleHold,
  storeHold,
  storeProduct,
} from './stock-store.ts'

/** Far longer than any order may take to be decided. */
const OVERDUE_MS = 60 * MINUTE_MS

/** What a stock partition needs beyond its host. */
export type StockPorts = {
  host: PartitionHost
  /** Writes to the ledger and the catalogue's list. Both may be written again without effect. */
  list(changes: { movements: readonly Movement[]; products: readonly Product[] }): Promise<void>
  /** For each client. */
  keysAnHourMax?: number
}

/**
 * Many products with their levels, and this partition's part of every order that wants them. Each method that changes
 * something is one turn, so one transaction; each command of a batch has one of its own inside it.
 */
export class StockPartition {
  readonly #ports: StockPorts
  readonly #host: PartitionHost
  readonly #facts: StockFacts
  readonly #adjusting: ReturnType<typeof createAdjusting>
  readonly #alarm: Alarm

  constructor(ports: StockPorts) {
    this.#ports = ports
    this.#host = ports.host
    this.#facts = createStockFacts(ports.host)
    this.#adjusting = createAdjusting({
      host: ports.host,
      keys: createHourlyAllowance(ports.host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX),
      storeLevel: (row, after, at) => this.#storeLevel(row, after, at),
    })
    this.#alarm = createAlarm({
      host: ports.host,
      keyExpiry: createKeyExpiry(ports.host),
      dueTimes: () => [earliestDue(ports.host.sql)],
    })
    ports.host.turn(() => {
      migrate(ports.host.sql, STOCK_TABLES)
      this.wakeForDue()
    })
  }

  /**
   * Applies commands in their order; one hold for each: `null` where there was nothing to commit, `undefined` where
   * the command could not be stored, and was undone. A level is written once for all commands that changed it.
   */
  apply(commands: readonly StockCommand[]): (Hold | null | undefined)[] {
    return this.#host.turn(() => this.#apply(commands))
  }

  #apply(commands: readonly StockCommand[]): (Hold | null | undefined)[] {
    const { sql } = this.#host
    const now = this.#host.now()
    const holds = loadHolds(
      sql,
      commands.map((command) => command.orderId),
    )
    const products = loadProducts(sql, productIdsOf(commands, holds))
    const levels = new Map<string, Level>(products)
    const traces = new Map<string, string | undefined>()
    const answers = commands.map((command) => {
      const { orderId } = command
      const applied = attempt(this.#host, { orderId, traceId: traceIdOf(command) }, () => {
        const before = holds.get(orderId)
        const change = applyCommand(before, command, levels, now)
        if (change.hold !== undefined && change.hold !== before) this.#storeHold(change.hold, now)
        return change
      })
      if (!applied.ok) return undefined
      const { hold, levels: changed } = applied.value
      for (const level of changed) levels.set(level.productId, level)
      for (const { productId } of changed) traces.set(productId, command.traceparent)
      if (hold !== undefined) holds.set(orderId, hold)
      return hold ?? null
    })
    for (const row of products.values()) {
      const traceparent = traces.get(row.productId)
      this.#storeLevel(row, levels.get(row.productId) ?? row, { now, traceparent })
    }
    return answers
  }

  putProduct(wanted: Omit<Product, 'revision'>, traceparent?: string): { product: Product; isNew: boolean } {
    return this.#host.turn(() => this.#putProduct(wanted, traceparent))
  }

  #putProduct(wanted: Omit<Product, 'revision'>, traceparent?: string): { product: Product; isNew: boolean } {
    const { sql } = this.#host
    const now = this.#host.now()
    const known = loadProducts(sql, [wanted.productId]).get(wanted.productId)
    if (known !== undefined && isSameProduct(known, wanted)) return { product: known, isNew: false }
    const product = { ...wanted, revision: (known?.revision ?? 0) + 1 }
    storeProduct(sql, { ...(known ?? emptyLevel(now)), ...product })
    this.#facts.publish(productChanged(product, now, traceparent), now)
    return { product, isNew: known === undefined }
  }

  adjust(request: AdjustRequest): AdjustAnswer {
    return this.#host.turn(() => this.#adjusting(request))
  }

  product(productId: string): StockRow | undefined {
    return loadProducts(this.#host.sql, [productId]).get(productId)
  }

  /** Levels in the order of their product ids, from the first id after `after`. */
  levels(after: string, limit: number): LevelView[] {
    return loadProductsAfter(this.#host.sql, after, limit).map(viewLevel)
  }

  /** The facts with these ids took effect at their subscribers: they are sent no more. */
  acknowledge(factIds: readonly string[]): void {
    this.#host.turn(() => this.#facts.acknowledge(factIds))
  }

  /** Does what is due: writes the ledger and the catalogue, and sends outstanding facts again. */
  async wake(): Promise<void> {
    const { sql } = this.#host
    const started = this.#host.now()
    const holds = loadDueHolds(sql, started, DUE_ROWS_MAX)
    const adjustments = loadDueAdjustments(sql, started, DUE_ROWS_MAX)
    const facts = loadDueFacts(sql, started, DUE_ROWS_MAX)
    const changes = {
      movements: [...holds.flatMap(movementsOf), ...adjustments.map(movementOfAdjustment)],
      products: facts.filter((fact) => !fact.isListed).flatMap((fact) => productOf(fact.event, sql)),
    }
    const isListed = await this.#list(changes, traceIdsOf(facts.map((fact) => fact.event)))
    this.#host.turn(() => {
      const isAttended = this.#facts.attend(facts, isListed)
      if (!isListed) return this.#host.wakeBy(nextListingAt(this.#host.now(), { isListed }))
      const isSettled = this.#settle(holds, adjustments)
      this.#alarm.endWakeUp({ isDone: isAttended && isSettled })
    })
  }

  #list(changes: Parameters<StockPorts['list']>[0], traceIds: readonly string[]): Promise<boolean> {
    return tryListing(this.#host, {
      write: () => this.#ports.list(changes),
      failure: 'the ledger could not be written',
      about: { traceIds },
    })
  }

  /** What is in the ledger is due no longer. False where that could not be stored for all. */
  #settle(holds: readonly Hold[], adjustments: readonly Adjustment[]): boolean {
    const settled = [
      ...holds.map((hold) => attempt(this.#host, { orderId: hold.orderId }, () => this.#settleHold(hold))),
      ...adjustments.map(({ adjustmentId }) =>
        attempt(this.#host, { adjustmentId }, () => settleAdjustment(this.#host.sql, adjustmentId)),
      ),
    ]
    return settled.every(({ ok }) => ok)
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  #storeHold(hold: Hold, now: Instant): void {
    const dueAt = movementsOf(hold).length > 0 ? now + LISTING_DELAY_MS : null
    if (dueAt !== null) this.#host.wakeBy(dueAt)
    storeHold(this.#host.sql, hold, dueAt)
  }

  /** What stays reserved for long is asked about: its order may be one that nobody knows. */
  #settleHold(hold: Hold): void {
    const now = this.#host.now()
    const isOpen = hold.state === 'reserved'
    if (isOpen && now >= hold.reservedAt + OVERDUE_MS) {
      this.#host.publish(toSubscribers(reservationOverdue(hold, now)))
    }
    settleHold(this.#host.sql, hold, isOpen ? now + OVERDUE_MS : null)
  }

  #storeLevel(row: StockRow, after: Level, at: Occasion): StockRow {
    if (row.onHand === after.onHand && row.reserved === after.reserved) return row
    const { onHand, reserved } = after
    const levelRevision = row.levelRevision + 1
    const changed = { ...row, onHand, reserved, levelRevision, updatedAt: at.now }
    storeProduct(this.#host.sql, changed)
    const crossed = levelCrossed(row, after, { revision: levelRevision, ...at })
    if (crossed !== undefined) this.#facts.publish(crossed, at.now)
    return changed
  }
}

const productIdsOf = (commands: readonly StockCommand[], holds: ReadonlyMap<string, Hold>): string[] => {
  const lines = commands.flatMap((command) => [
    ...command.lines,
    ...(holds.get(command.orderId)?.lines ?? []),
  ])
  return [...new Set(lines.map((line) => line.productId))]
}

const emptyLevel = (now: Instant) => ({ onHand: 0, reserved: 0, levelRevision: 0, updatedAt: now })

/** The catalogue's list gets the product as it is now: an older change never replaces a newer one. */
const productOf = (event: DomainEvent, sql: PartitionHost['sql']): Product[] => {
  if (event.type !== 'ProductChanged') return []
  const product = loadProducts(sql, [(event as EventOf<'ProductChanged'>).data.productId])
  return [...product.values()]
}
