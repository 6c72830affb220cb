import type { ReservationBook, StockStep, StockWalk } from '../../contracts/books.ts'
import type { Sample } from '../../contracts/metrics.ts'
import type { Instant } from '../../kernel/instant.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { type Counters, createCounters } from '../../messaging/counters.ts'
import { type Alarm, createAlarm } from '../../messaging/due-rows.ts'
import { createHourlyAllowance, KEYS_AN_HOUR_MAX } from '../../messaging/hourly-allowance.ts'
import { createKeyExpiry } from '../../messaging/key-expiry.ts'
import { listingAt } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { createRecentRows, type RecentRows } from '../../messaging/recent-rows.ts'
import type { Departure } from '../../messaging/row-departures.ts'
import { migrate } from '../../messaging/schema.ts'
import { attempt } from '../../messaging/turn.ts'
import { movementsOf } from '../movements.ts'
import { isSameProduct, levelCrossed, type Product, productChanged } from '../product.ts'
import { applyCommand, type Level, type Reservation, type StockCommand } from '../stock.ts'
import {
  type AdjustReply,
  type AdjustRequest,
  createAdjustment,
  type LevelView,
  viewLevel,
} from './adjustment.ts'
import { type AlarmWorkPorts, createAlarmWork } from './alarm-work.ts'
import {
  createDepartedReservations,
  type DepartedReservations,
  type DepartedReservationsPorts,
  type HAS_LEFT,
} from './departed-reservations.ts'
import { createProductFeed, type ProductFeed } from './product-feed.ts'
import { createStockFacts, type Occasion, type StockFacts } from './stock-facts.ts'
import { measureStock } from './stock-metrics.ts'
import {
  earliestDue,
  loadProducts,
  loadProductsAfter,
  loadReservations,
  loadReservationsAfter,
  type ReservationRow,
  STOCK_TABLES,
  type StockRow,
  storeProduct,
  storeReservation,
} from './stock-store.ts'
import { createStockWalks, type StockWalks } from './stock-walk.ts'

/** The reply to a command. */
export type StockReply = Reservation | typeof HAS_LEFT | null | undefined

/** What a stock partition needs beyond its host. */
export type StockPorts = AlarmWorkPorts &
  DepartedReservationsPorts & {
    host: PartitionHost
    /** For each client: idempotency keys of adjustments. */
    keysAnHourMax?: number
    /** Rows that one step of a walk reads. */
    walkRows?: number
  }

/**
 * Many products with their levels, and this partition's part of every order for them. A method that changes something is
 * one turn, so one transaction. Each command of a batch has a transaction of its own inside the turn.
 */
export class StockPartition {
  /** The newest version of each product, for those who follow them. */
  readonly feed: ProductFeed
  readonly #host: PartitionHost
  readonly #counters: Counters
  readonly #recent: RecentRows
  readonly #facts: StockFacts
  readonly #walks: StockWalks
  readonly #adjust: ReturnType<typeof createAdjustment>
  readonly #departed: DepartedReservations
  readonly #alarm: Alarm
  readonly #work: () => Promise<void>

  constructor(ports: StockPorts) {
    this.#host = ports.host
    ports.host.turn(() => migrate(ports.host.sql, STOCK_TABLES))
    this.feed = createProductFeed(ports.host)
    this.#counters = createCounters(ports.host)
    this.#recent = createRecentRows(ports.host, 'holds', this.#counters)
    this.#facts = createStockFacts(ports.host, this.#counters)
    this.#walks = createStockWalks(ports.host, ports.walkRows)
    this.#adjust = createAdjustment({
      host: ports.host,
      keys: createHourlyAllowance(ports.host, ports.keysAnHourMax ?? KEYS_AN_HOUR_MAX),
      storeLevel: (row, after, at) => this.#storeLevel(row, after, at),
      walks: this.#walks,
    })
    this.#departed = createDepartedReservations({
      host: ports.host,
      walks: this.#walks,
      unlist: ports.unlist,
    })
    this.#alarm = createAlarm({
      host: ports.host,
      keyExpiry: createKeyExpiry(ports.host),
      dueTimes: () => [earliestDue(ports.host.sql), this.#recent.nextLookAt(), this.#departed.dueAt()],
    })
    this.#work = createAlarmWork({
      ...ports,
      facts: this.#facts,
      recent: this.#recent,
      alarm: this.#alarm,
    })
    this.wakeForDue()
  }

  /**
   * Applies commands in their order, and returns one reservation for each: `null` where there was nothing to commit,
   * `undefined` where the command could not be stored and was undone, `HAS_LEFT` where its order has left. A level is written once for all commands that
   * changed it.
   */
  apply(commands: readonly StockCommand[]): StockReply[] {
    return this.#host.turn(() => this.#apply(commands))
  }

  #apply(commands: readonly StockCommand[]): StockReply[] {
    const { sql } = this.#host
    const now = this.#host.now()
    const rows = loadReservations(
      sql,
      commands.map((command) => command.orderId),
    )
    const products = loadProducts(sql, productIdsOf(commands, rows))
    const levels = new Map<string, Level>(products)
    const traces = new Map<string, string | undefined>()
    const replies = commands.map((command) => {
      const { orderId } = command
      const known = rows.get(orderId)
      const late = known === undefined ? this.#departed.lateReply(command, now) : undefined
      if (late !== undefined) {
        this.#counters.addDuplicates(1)
        return late
      }
      const applied = attempt(this.#host, { orderId, traceId: traceIdOf(command) }, () => {
        const { reservation, levels: changed } = applyCommand(known?.reservation, command, levels, now)
        if (reservation === undefined) return { row: known, changed }
        if (reservation === known?.reservation) {
          this.#counters.addDuplicates(1)
          return { row: known, changed }
        }
        return { row: this.#storeReservation(reservation, known, now), changed }
      })
      if (!applied.ok) return undefined
      const { row, changed } = applied.value
      for (const level of changed) levels.set(level.productId, level)
      for (const { productId } of changed) traces.set(productId, command.traceparent)
      if (row !== undefined) rows.set(orderId, row)
      return row?.reservation ?? null
    })
    for (const row of products.values()) {
      const traceparent = traces.get(row.productId)
      this.#storeLevel(row, levels.get(row.productId) ?? row, { now, traceparent })
    }
    return replies
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
    storeProduct(sql, { ...(known ?? emptyLevel(now)), ...product }, this.feed.takePosition())
    this.#facts.publish(productChanged(product, now, traceparent), now)
    return { product, isNew: known === undefined }
  }

  /** In a turn: publishes these products once more, until the order service acknowledges them. */
  announce(products: readonly Product[]): void {
    const now = this.#host.now()
    for (const product of products) this.#facts.publish(productChanged(product, now), now)
  }

  adjust(request: AdjustRequest): AdjustReply {
    return this.#host.turn(() => this.#adjust(request))
  }

  product(productId: string): StockRow | undefined {
    return loadProducts(this.#host.sql, [productId]).get(productId)
  }

  /** This partition's part of an order, as it is now. */
  reservation(orderId: string): Reservation | undefined {
    return loadReservations(this.#host.sql, [orderId]).get(orderId)?.reservation
  }

  /** Reservations in the order of their orders' ids, from the first id after `orderId`: for the audit. */
  reservationsAfter(orderId: string, limit: number): ReservationBook[] {
    return loadReservationsAfter(this.#host.sql, orderId, limit).map((reservation) => ({
      orderId: reservation.orderId,
      state: reservation.state,
      lines: reservation.lines,
    }))
  }

  /** The next portion of a walk through all adjustments and reservations: for the audit. */
  walk(walk: StockWalk): StockStep {
    return this.#walks.step(walk)
  }

  /** Levels in the order of their product ids, from the first id after `after`. */
  levels(after: string, limit: number): LevelView[] {
    return loadProductsAfter(this.#host.sql, after, limit).map(viewLevel)
  }

  /** The facts with these ids took effect at their subscribers: they are sent no more. */
  acknowledge(factIds: readonly string[]): void {
    this.#host.turn(() => this.#facts.acknowledge(factIds))
  }

  /** These orders have left for the archive. Their reservations follow, each once nothing is left to do for it. */
  letGo(departure: Departure): void {
    this.#host.turn(() => this.#departed.begin(departure))
  }

  /** What the partition counts and measures. */
  measure(): Sample[] {
    return measureStock(this.#host, this.#counters)
  }

  /** Handles the rows that are due. */
  async wake(): Promise<void> {
    await Promise.all([this.#work(), this.#departed.work()])
  }

  wakeForDue(): void {
    this.#alarm.setForDue()
  }

  #storeReservation(
    reservation: Reservation,
    known: ReservationRow | undefined,
    now: Instant,
  ): ReservationRow {
    const row = { reservation, dueAt: this.#dueAfterChange(reservation, known?.dueAt ?? null, now) }
    storeReservation(this.#host.sql, row, known)
    this.#walks.changed(known?.reservation, reservation)
    this.#counters.addAfterTurn('edge_orders_reservations_total', { state: reservation.state })
    return row
  }

  /** When a changed reservation is to be listed: `null` where it has no movements, or the next look finds it. */
  #dueAfterChange(reservation: Reservation, dueAt: Instant | null, now: Instant): Instant | null {
    if (movementsOf(reservation).length === 0) return dueAt
    if (dueAt === null && this.#recent.covers(reservation.orderId)) return null
    const at = Math.min(dueAt ?? Number.POSITIVE_INFINITY, listingAt(now))
    this.#host.wakeBy(at)
    return at
  }

  #storeLevel(row: StockRow, after: Level, at: Occasion): StockRow {
    if (row.onHand === after.onHand && row.reserved === after.reserved) return row
    const { onHand, reserved } = after
    const levelRevision = row.levelRevision + 1
    const changed = { ...row, onHand, reserved, levelRevision, updatedAt: at.now }
    storeProduct(this.#host.sql, changed, this.feed.takePosition())
    const crossed = levelCrossed(row, after, { revision: levelRevision, ...at })
    if (crossed !== undefined) this.#facts.publish(crossed, at.now)
    return changed
  }
}

const productIdsOf = (
  commands: readonly StockCommand[],
  rows: ReadonlyMap<string, ReservationRow>,
): string[] => {
  const lines = commands.flatMap((command) => [
    ...command.lines,
    ...(rows.get(command.orderId)?.reservation.lines ?? []),
  ])
  return [...new Set(lines.map((line) => line.productId))]
}

const emptyLevel = (now: Instant) => ({ onHand: 0, reserved: 0, levelRevision: 0, updatedAt: now })
