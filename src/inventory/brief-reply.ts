import { HAS_LEFT } from './partition/departed-reservations.ts'
import type { StockReply } from './partition/stock-partition.ts'
import type { Reservation, StockCommand, StockLine } from './stock.ts'

type Without<Type, Key extends PropertyKey> = Type extends unknown ? Omit<Type, Key> : never

/** A reservation without what its caller knows from the command: the order's id, and the same lines. */
export type BriefReservation = Without<Reservation, 'orderId' | 'lines'> & { lines?: readonly StockLine[] }

/** The replies to these commands, in their order, with each reservation in brief. */
export const toBriefReplies = (
  replies: readonly StockReply[],
  commands: readonly StockCommand[],
): (StockReply | BriefReservation)[] =>
  commands.map((command, nth) => {
    const reply = replies[nth]
    return reply && reply !== HAS_LEFT ? toBrief(reply, command) : reply
  })

/** The same replies with whole reservations. Those of a partition of the version before are whole already. */
export const fromBriefReplies = (
  replies: readonly (StockReply | BriefReservation)[],
  commands: readonly StockCommand[],
): StockReply[] =>
  commands.map((command, nth) => {
    const reply = replies[nth]
    return reply && reply !== HAS_LEFT ? fromBrief(reply, command) : reply
  })

const toBrief = ({ orderId: _, lines, ...rest }: Reservation, command: StockCommand): BriefReservation =>
  areEqual(lines, command.lines) ? rest : { ...rest, lines }

const fromBrief = (reply: Reservation | BriefReservation, command: StockCommand): Reservation => ({
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
