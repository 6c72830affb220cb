import { type DomainEvent, type EventOf, subjectOfEventId } from '../contracts/events.ts'
import { fromTimestamp, type Instant } from '../kernel/instant.ts'
import { partitionIndex } from '../kernel/partitions.ts'
import {
  type Acknowledgement,
  acknowledgedIds,
  acknowledgementOf,
  isAcknowledgement,
} from '../messaging/acknowledgement.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Publish } from '../messaging/outgoing.ts'
import type { Departure } from '../messaging/row-departures.ts'
import { HAS_LEFT } from './partition/departed-reservations.ts'
import type { StockReply } from './partition/stock-partition.ts'
import { commandFor, type OrderEvent } from './policy.ts'
import type { Reservation, StockCommand } from './stock.ts'
import { type InventoryReport, reportFor, reservationsToCompensate } from './verdict.ts'

/** The stock partitions, as the consumer of the inbox sees them. */
export type StockPartitions = {
  count: number
  apply(index: number, commands: readonly StockCommand[]): Promise<StockReply[]>
  letGo(index: number, departure: Departure): Promise<void>
  acknowledge(index: number, factIds: readonly string[]): Promise<void>
}

type Ports = { partitions: StockPartitions; publish: Publish; now(): Instant }

/** The part of an order that lies in one partition, and the command for it. */
type Part = { index: number; command: StockCommand }

/** A partition's reply on its part: its reservation, `null` for none, that its order has left, or that the call failed. */
type Reply = { index: number } & PartReply

type PartReply = { reservation: Reservation | null } | { hasLeft: true } | { error: string }

type Replies = ReadonlyMap<OrderEvent, readonly Reply[]>

/**
 * Handles a batch of events: one call to each partition that has a part in any of them, and one more where a partition
 * refused an order that another has reserved. A report is published only when every part of its order is done.
 */
export const respond = async (
  events: readonly DomainEvent[],
  { partitions, publish, now }: Ports,
): Promise<Outcome[]> => {
  const orderEvents = events.filter(isOrderEvent)
  const parts = new Map(orderEvents.map((event) => [event, partsOf(commandFor(event), partitions.count)]))
  const replies = await applyAll(parts, partitions)
  const compensations = new Map(
    Array.from(parts, ([event, its]) => [event, compensationsOf(its, replies.get(event) ?? [])] as const),
  )
  const compensated = await applyAll(compensations, partitions)
  const acknowledged = await acknowledgeAll(events.filter(isAcknowledgement), partitions)
  const left = await letGoAll(events.filter(isDeparture), { partitions, publish, now })
  const conclusions = new Map(
    orderEvents.map((event) => [event, conclude(event, replies.get(event), compensated.get(event))]),
  )
  await publish(
    [...conclusions.values()].flatMap((each) =>
      'report' in each ? { to: 'order' as const, event: each.report } : [],
    ),
  )
  return events.map((event) => {
    if (isAcknowledgement(event)) return acknowledged
    if (isDeparture(event)) return left
    const conclusion = isOrderEvent(event) ? conclusions.get(event) : undefined
    if (conclusion === undefined) return unexpectedType('The inventory', event)
    return 'report' in conclusion ? done : conclusion.outcome
  })
}

const ORDER_EVENTS = new Set<string>([
  'OrderPlaced',
  'OrderConfirmed',
  'OrderRejected',
  'OrderCancelled',
] satisfies OrderEvent['type'][])

const isOrderEvent = (event: DomainEvent): event is OrderEvent => ORDER_EVENTS.has(event.type)

/** Each partition gets its own lines. An order without known lines concerns all partitions. */
const partsOf = (command: StockCommand, count: number): Part[] => {
  const linesByIndex = Map.groupBy(command.lines, (line) => partitionIndex(line.productId, count))
  if (linesByIndex.size > 0) {
    return Array.from(linesByIndex, ([index, lines]) => ({ index, command: { ...command, lines } }))
  }
  return Array.from({ length: count }, (_, index) => ({ index, command }))
}

/** One call to each partition, all at the same time. */
const applyAll = async (
  partsByEvent: ReadonlyMap<OrderEvent, readonly Part[]>,
  partitions: StockPartitions,
): Promise<Replies> => {
  const all = Array.from(partsByEvent, ([event, parts]) => parts.map((part) => ({ event, ...part }))).flat()
  const calls = Array.from(
    Map.groupBy(all, ({ index }) => index),
    async ([index, parts]) => {
      const commands = parts.map(({ command }) => command)
      const applied = await partitions.apply(index, commands).catch(String)
      return parts.map(({ event }, nth) => ({
        event,
        reply: typeof applied === 'string' ? { index, error: applied } : { index, ...replyOf(applied[nth]) },
      }))
    },
  )
  const replies = Map.groupBy((await Promise.all(calls)).flat(), ({ event }) => event)
  return new Map(Array.from(replies, ([event, its]) => [event, its.map(({ reply }) => reply)]))
}

const replyOf = (reply: StockReply): PartReply => {
  if (reply === HAS_LEFT) return { hasLeft: true }
  if (reply !== undefined) return { reservation: reply }
  return { error: 'The stock partition could not store the command. Its log says why.' }
}

/** The parts to release, where another partition refused the order or released its part. */
const compensationsOf = (parts: readonly Part[], replies: readonly Reply[]): Part[] => {
  const toCompensate = reservationsToCompensate(reservationsIn(replies))
  const indexes = new Set(
    replies.flatMap((reply) =>
      'reservation' in reply && toCompensate.some((each) => each === reply.reservation) ? reply.index : [],
    ),
  )
  return parts
    .filter(({ index }) => indexes.has(index))
    .map((part) => ({ ...part, command: { ...part.command, kind: 'release' } }))
}

const reservationsIn = (replies: readonly Reply[]): Reservation[] =>
  replies.flatMap((reply) =>
    'reservation' in reply && reply.reservation !== null ? [reply.reservation] : [],
  )

const acknowledgeAll = async (
  acknowledgements: readonly Acknowledgement[],
  partitions: StockPartitions,
): Promise<Outcome> => {
  const factIds = acknowledgedIds(acknowledgements)
  const byIndex = Map.groupBy(factIds, (id) => partitionIndex(subjectOfEventId(id), partitions.count))
  const calls = Array.from(byIndex, ([index, ids]) => partitions.acknowledge(index, ids))
  return await Promise.all(calls).then(
    () => done,
    (error): Outcome => ({ kind: 'retry', error: String(error) }),
  )
}

const isDeparture = (event: DomainEvent): event is EventOf<'OrdersArchived'> =>
  event.type === 'OrdersArchived'

/** Every partition may have a part of an order. Acknowledged once all of them have stored what is left to do. */
const letGoAll = async (
  events: readonly EventOf<'OrdersArchived'>[],
  { partitions, publish, now }: Ports,
): Promise<Outcome> => {
  if (events.length === 0) return done
  const indexes = Array.from({ length: partitions.count }, (_, index) => index)
  const calls = events.flatMap(({ id: eventId, data: { orderIds, before } }) =>
    indexes.map((index) => partitions.letGo(index, { eventId, orderIds, before: fromTimestamp(before) })),
  )
  const acknowledgeThem = async (): Promise<void> => {
    await Promise.all(calls)
    const from = { service: 'inventory', at: now() } as const
    await publish(events.map((event) => ({ to: 'order', event: acknowledgementOf([event], from) })))
  }
  return await acknowledgeThem().then(
    () => done,
    (error): Outcome => ({ kind: 'retry', error: String(error) }),
  )
}

type Conclusion = { report: InventoryReport } | { outcome: Outcome }

const conclude = (
  event: OrderEvent,
  first: readonly Reply[] = [],
  compensated: readonly Reply[] = [],
): Conclusion => {
  const failed = [...first, ...compensated].find((reply) => 'error' in reply)
  if (failed !== undefined && 'error' in failed) return { outcome: { kind: 'retry', error: failed.error } }
  if (first.some((reply) => 'reservation' in reply && reply.reservation === null))
    return { outcome: nothingReserved(event) }
  if (first.some((reply) => 'hasLeft' in reply)) return { outcome: done }
  const latest = new Map([...first, ...compensated].map((reply) => [reply.index, reply]))
  return { report: reportFor(event, event.data.orderId, reservationsIn([...latest.values()])) }
}

/** An order is confirmed only after its reservation, so this shows a fault that a person has to find. */
const nothingReserved = (event: OrderEvent): Outcome => ({
  kind: 'park',
  reason: 'nothing_reserved',
  error: `${event.data.orderId} is confirmed, but nothing was reserved for it.`,
})
