import type { ProductBook, StockStep, StockWalk } from '../../contracts/books.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { Adjustment } from '../movements.ts'
import type { Level, Reservation } from '../stock.ts'
import { loadAdjustmentsAfter } from './adjustment-store.ts'
import { loadDepartedSums } from './departed-sums.ts'
import { loadProductsAfter, loadReservationsAfter } from './stock-store.ts'

/** Rows of one step: some ten milliseconds, in which nothing else runs here. */
const STEP_ROWS_MAX = 2_000
/** Walks at the same time. A further one ends the oldest. */
const WALKS_MAX = 4
/** Products that a step names. Far fewer differ, or nothing here can be trusted. */
const DIFFERING_MAX = 1_000

type Sums = { onHand: number; reserved: number }

/** Adjustments come first, then reservations. `after` is the id that the walk has read to. */
type Walk = { table: 'adjustments' | 'reservations'; after: string; sums: Map<string, Sums> }

/**
 * Adds up all adjustments and reservations of the partition, a portion at a time, while orders go on: what changes behind
 * a walk is added to its sums. So at the end the sums are those of this moment, and are compared with the levels. A walk
 * lies in memory only: it costs an order no row.
 */
export const createStockWalks = (
  { sql, afterTurn }: Pick<PartitionHost, 'sql' | 'afterTurn'>,
  stepRows = STEP_ROWS_MAX,
) => {
  const walks = new Map<string, Walk>()

  const begin = (walkId: string): Walk => {
    const walk: Walk = { table: 'adjustments', after: '', sums: new Map() }
    walks.delete(walkId)
    for (const oldest of [...walks.keys()].slice(0, Math.max(0, walks.size + 1 - WALKS_MAX)))
      walks.delete(oldest)
    walks.set(walkId, walk)
    return walk
  }

  const readAdjustments = (walk: Walk): void => {
    const adjustments = loadAdjustmentsAfter(sql, walk.after, stepRows)
    for (const adjustment of adjustments) addAdjustment(walk, adjustment)
    const last = adjustments.at(-1)
    if (last !== undefined && adjustments.length === stepRows) walk.after = last.adjustmentId
    else Object.assign(walk, { table: 'reservations', after: '' })
  }

  /** Whether these were the last ones. */
  const readReservations = (walk: Walk): boolean => {
    const reservations = loadReservationsAfter(sql, walk.after, stepRows)
    for (const reservation of reservations) addReservation(walk, reservation, 1)
    walk.after = reservations.at(-1)?.orderId ?? walk.after
    return reservations.length < stepRows
  }

  /** Each walk that has read past this row. */
  const behind = (table: Walk['table'], id: string): Walk[] =>
    [...walks.values()].filter((walk) =>
      walk.table === table ? id <= walk.after : table === 'adjustments' && walk.table === 'reservations',
    )

  return {
    step: ({ walkId, isFirst }: StockWalk): StockStep => {
      const walk = isFirst ? begin(walkId) : walks.get(walkId)
      if (walk === undefined) return { state: 'lost' }
      if (walk.table === 'adjustments') {
        readAdjustments(walk)
        return { state: 'walking' }
      }
      if (!readReservations(walk)) return { state: 'walking' }
      walks.delete(walkId)
      return compare(sql, walk)
    },

    /** In a turn: the reservation is stored instead of the one before. */
    changed: (before: Reservation | undefined, after: Reservation): void => {
      if (walks.size === 0) return
      afterTurn(() => {
        for (const walk of behind('reservations', after.orderId)) {
          if (before !== undefined) addReservation(walk, before, -1)
          addReservation(walk, after, 1)
        }
      })
    },

    /** In a turn: the reservation leaves. What it had committed is in the sums of what has left, which count at the end. */
    left: (reservation: Reservation): void => {
      if (walks.size === 0) return
      afterTurn(() => {
        for (const walk of behind('reservations', reservation.orderId)) addReservation(walk, reservation, -1)
      })
    },

    /** In a turn: the adjustment is stored. */
    adjusted: (adjustment: Adjustment): void => {
      if (walks.size === 0) return
      afterTurn(() => {
        for (const walk of behind('adjustments', adjustment.adjustmentId)) addAdjustment(walk, adjustment)
      })
    },
  }
}

export type StockWalks = ReturnType<typeof createStockWalks>

/** The end of the walk. */
const compare = (sql: Sql, walk: Walk): StockStep => {
  for (const [productId, committed] of loadDepartedSums(sql))
    add(walk, productId, { onHand: -committed, reserved: 0 })
  const levels = allLevels(sql)
  const known = new Set(levels.map(({ productId }) => productId))
  // A sum without a level is of a product that is gone.
  const gone = [...walk.sums.keys()].filter((productId) => !known.has(productId))
  const books = [...levels, ...gone.map((productId) => ({ productId, onHand: 0, reserved: 0 }))].map(
    ({ productId, onHand, reserved }): ProductBook => ({
      productId,
      level: { onHand, reserved },
      sum: sumsOf(walk, productId),
    }),
  )
  return {
    state: 'ended',
    products: levels.length,
    differing: books.filter(isDiffering).slice(0, DIFFERING_MAX),
  }
}

const allLevels = (sql: Sql): Level[] => {
  const levels: Level[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rows: Level[] = loadProductsAfter(sql, after, STEP_ROWS_MAX)
    levels.push(...rows)
    after = rows.at(-1)?.productId
  }
  return levels
}

const isDiffering = ({ level, sum }: ProductBook): boolean =>
  level.onHand !== sum.onHand || level.reserved !== sum.reserved

const sumsOf = ({ sums }: Walk, productId: string): Sums => sums.get(productId) ?? { onHand: 0, reserved: 0 }

const add = (walk: Walk, productId: string, by: Sums): void => {
  const { onHand, reserved } = sumsOf(walk, productId)
  walk.sums.set(productId, { onHand: onHand + by.onHand, reserved: reserved + by.reserved })
}

const addAdjustment = (walk: Walk, { productId, delta }: Adjustment): void =>
  add(walk, productId, { onHand: delta, reserved: 0 })

/** A return gives back what the commit took: neither counts. */
const addReservation = (walk: Walk, { state, lines }: Reservation, times: 1 | -1): void => {
  for (const { productId, quantity } of lines) {
    if (state === 'reserved') add(walk, productId, { onHand: 0, reserved: times * quantity })
    if (state === 'committed') add(walk, productId, { onHand: -times * quantity, reserved: 0 })
  }
}
