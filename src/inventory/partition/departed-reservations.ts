import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { awaitsLook } from '../../messaging/recent-rows.ts'
import { createRowDepartures, type ListKey } from '../../messaging/row-departures.ts'
import { movementsOf } from '../movements.ts'
import { applyCommand, type Reservation, type StockCommand } from '../stock.ts'
import { addToDepartedSums } from './departed-sums.ts'
import { deleteReservations, loadReservations, type ReservationRow } from './stock-store.ts'
import type { StockWalks } from './stock-walk.ts'

/** The key of a movement in the ledger. */
export type LedgerKey = readonly [productId: string, at: Instant, movementId: string]

export type DepartedReservationsPorts = {
  /** Takes movements off the ledger. */
  unlist(keys: readonly LedgerKey[]): Promise<void>
}

/** What a command gets that comes for an order which has left: nothing was done, and nothing is to be reported. */
export const HAS_LEFT = 'has left'

type Ports = DepartedReservationsPorts & { host: PartitionHost; walks: StockWalks }

/** Reservations leave after their orders: never while stock is reserved, or before the ledger has their movements. */
export const createDepartedReservations = ({ host, walks, unlist }: Ports) => {
  const { sql } = host
  const departures = createRowDepartures<ReservationRow>({
    host,
    load: (orderIds) => loadReservations(sql, orderIds),
    mayLeave: ({ reservation, dueAt }) =>
      reservation.state !== 'reserved' && dueAt === null && !awaitsLook(host, reservation.orderId),
    listKeysOf,
    remove: (rows) => {
      const leaving = rows.map(({ reservation }) => reservation)
      addToDepartedSums(sql, leaving)
      deleteReservations(
        sql,
        leaving.map(({ orderId }) => orderId),
      )
      for (const reservation of leaving) walks.left(reservation)
    },
    unlist: (keys) => unlist(keys as readonly LedgerKey[]),
  })

  return {
    ...departures,

    /**
     * The reply to a command for an order without a row, where the order has left. It changes nothing. A release is
     * answered, so that an order settles even if this partition never heard of it before.
     */
    lateReply: (command: StockCommand, now: Instant): Reservation | typeof HAS_LEFT | undefined => {
      if (!departures.isLate(command.at)) return undefined
      const released =
        command.kind === 'release' ? applyCommand(undefined, command, new Map(), now).reservation : undefined
      return released ?? HAS_LEFT
    },
  }
}

export type DepartedReservations = ReturnType<typeof createDepartedReservations>

const listKeysOf = ({ reservation }: ReservationRow): ListKey[] =>
  movementsOf(reservation).map(({ productId, at, movementId }) => [productId, at, movementId])
