import type { Reservation, StockCommand, StockLine } from './stock.ts'

type Without<Type, Key extends PropertyKey> = Type extends unknown ? Omit<Type, Key> : never

/** A reservation without what its caller knows from the command: the order's id, and the same lines. */
export type BriefReservation = Without<Reservation, 'orderId' | 'lines'> & { lines?: readonly StockLine[] }

export const toBrief = (
  { orderId: _, lines, ...rest }: Reservation,
  command: StockCommand,
): BriefReservation => (areEqual(lines, command.lines) ? rest : { ...rest, lines })

/** The reservation of a reply, which is whole where the partition is of the version before. */
export const fromBrief = (reply: Reservation | BriefReservation, command: StockCommand): Reservation => ({
  orderId: command.orderId,
  lines: command.lines,
  ...reply,
})

const areEqual = (left: readonly StockLine[], right: readonly StockLine[]): boolean =>
  left.length === right.length &&
  left.every(
    ({ productId, quantity }, nth) =>
      productId === right[nth]?.productId && quantity === right[nth]?.quantity,
  )
