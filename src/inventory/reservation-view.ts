import type { PartViews } from '../contracts/http/story.ts'
import { type Instant, toTimestamp } from '../kernel/instant.ts'
import { movementsOf } from './movements.ts'
import type { Reservation } from './stock.ts'

type StockOfOrder = PartViews['stock']

/** An order's stock as operators see it: the reservation of each partition, and the movements that follow from them. */
export const viewStockOf = (reservations: readonly Reservation[]): StockOfOrder => ({
  reservations: reservations.map(viewReservation),
  movements: reservations
    .flatMap(movementsOf)
    .sort((left, right) => left.at - right.at)
    .map(({ productId, kind, quantity, at }) => ({ productId, kind, quantity, at: toTimestamp(at) })),
})

const viewReservation = (reservation: Reservation): StockOfOrder['reservations'][number] => ({
  status: reservation.state,
  items: reservation.lines.map(({ productId, quantity }) => ({ productId, quantity })),
  ...(reservation.state === 'refused' && { shortages: [...reservation.shortages] }),
  ...timesOf(reservation),
})

const TIMES = ['reservedAt', 'committedAt', 'releasedAt', 'refusedAt'] as const

const timesOf = (reservation: Partial<Record<(typeof TIMES)[number], Instant>>) =>
  Object.fromEntries(
    TIMES.flatMap((name) => {
      const at = reservation[name]
      return at === undefined ? [] : [[name, toTimestamp(at)]]
    }),
  )
