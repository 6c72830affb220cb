import { type DomainEvent, subjectOfEventId } from '../contracts/events.ts'
import { partitionIndex } from '../kernel/partitions.ts'
import { acknowledgedIds } from '../messaging/acknowledgement.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Publish } from '../messaging/outgoing.ts'
import { commandFor, type OrderEvent } from './policy.ts'
import type { Hold, StockCommand } from './stock.ts'
import { answerFor, heldInVain, type InventoryAnswer } from './verdict.ts'

/** The stock partitions, as the consumer of the inbox sees them. */
export type StockPartitions = {
  count: number
  /** `null` where there was nothing to commit, `undefined` where the command was undone: it could not be stored. */
  apply(index: number, commands: readonly StockCommand[]): Promise<(Hold | null | undefined)[]>
  acknowledge(index: number, factIds: readonly string[]): Promise<void>
}

type Ports = { partitions: StockPartitions; publish: Publish }

/**
 * Answers a batch of events: one call to each partition that has a part in any of them, one more where an order
 * was refused by one partition and is still held by another. An answer leaves only when every part of it is done.
 */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const tasks = events.map((event) => taskFor(event, ports.partitions.count))
  const holds = await applyAll(tasks, ports.partitions)
  const releases = tasks.map((task, index) => releaseInVain(task, holds[index] ?? []))
  const released = await applyAll(releases, ports.partitions)
  const acknowledged = await acknowledgeAll(tasks, ports.partitions)
  const settled = tasks.map((task, index) =>
    conclude(task, holds[index] ?? [], released[index] ?? [], acknowledged),
  )
  const answers = settled.flatMap((each) =>
    'answer' in each ? { to: 'order' as const, event: each.answer } : [],
  )
  await ports.publish(answers)
  return settled.map((each) => ('answer' in each ? done : each.outcome))
}

/** What an event asks of which partitions. */
type Task =
  | { kind: 'hold'; event: OrderEvent; parts: readonly Part[] }
  | { kind: 'acknowledge'; factIds: readonly string[] }
  | { kind: 'unexpected'; event: DomainEvent }

type Part = { index: number; command: StockCommand }

/** What a partition said: its hold, none, or that the call failed. */
type Reply = { index: number; hold: Hold | null } | { index: number; error: string }

const taskFor = (event: DomainEvent, count: number): Task => {
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderConfirmed':
    case 'OrderRejected':
    case 'OrderCancelled':
      return { kind: 'hold', event, parts: partsOf(commandFor(event), count) }
    case 'FactNoted':
      return { kind: 'acknowledge', factIds: acknowledgedIds([event]) }
    default:
      return { kind: 'unexpected', event }
  }
}

/** Each partition gets its own lines; an order whose lines nobody knows concerns them all. */
const partsOf = (command: StockCommand, count: number): Part[] => {
  const linesByIndex = Map.groupBy(command.lines, (line) => partitionIndex(line.productId, count))
  if (linesByIndex.size > 0) {
    return Array.from(linesByIndex, ([index, lines]) => ({ index, command: { ...command, lines } }))
  }
  return Array.from({ length: count }, (_, index) => ({ index, command }))
}

const partsIn = (task: Task): readonly Part[] => (task.kind === 'hold' ? task.parts : [])

/** One call to each partition, all at once; the replies in the order of the tasks. */
const applyAll = async (tasks: readonly Task[], partitions: StockPartitions): Promise<Reply[][]> => {
  const replies: Reply[][] = tasks.map(() => [])
  const wanted = tasks.flatMap((task, position) => partsIn(task).map((part) => ({ ...part, position })))
  const calls = Array.from(
    Map.groupBy(wanted, (part) => part.index),
    async ([index, parts]) => {
      const answered = await partitions
        .apply(
          index,
          parts.map((part) => part.command),
        )
        .catch(String)
      parts.forEach(({ position }, place) => {
        const reply = typeof answered === 'string' ? { error: answered } : replyOf(answered[place])
        replies[position]?.push({ index, ...reply })
      })
    },
  )
  await Promise.all(calls)
  return replies
}

const replyOf = (hold: Hold | null | undefined): { hold: Hold | null } | { error: string } => {
  if (hold !== undefined) return { hold }
  return { error: 'The stock partition could not store the command; its log says why.' }
}

const releaseInVain = (task: Task, replies: readonly Reply[]): Task => {
  if (task.kind !== 'hold') return task
  const inVain = heldInVain(holdsIn(replies))
  const parts = task.parts.filter((part) =>
    replies.some(
      (reply) => reply.index === part.index && 'hold' in reply && inVain.some((hold) => hold === reply.hold),
    ),
  )
  return { ...task, parts: parts.map((part) => ({ ...part, command: { ...part.command, kind: 'release' } })) }
}

const holdsIn = (replies: readonly Reply[]): Hold[] =>
  replies.flatMap((reply) => ('hold' in reply && reply.hold !== null ? [reply.hold] : []))

/** An error of the call, or nothing where it went well. */
const acknowledgeAll = async (
  tasks: readonly Task[],
  partitions: StockPartitions,
): Promise<string | undefined> => {
  const ids = tasks.flatMap((task) => (task.kind === 'acknowledge' ? task.factIds : []))
  const byIndex = Map.groupBy(ids, (id) => partitionIndex(subjectOfEventId(id), partitions.count))
  const calls = Array.from(byIndex, ([index, factIds]) => partitions.acknowledge(index, factIds))
  return Promise.all(calls).then(() => undefined, String)
}

type Concluded = { answer: InventoryAnswer } | { outcome: Outcome }

const conclude = (
  task: Task,
  first: readonly Reply[],
  released: readonly Reply[],
  acknowledgeError: string | undefined,
): Concluded => {
  if (task.kind === 'unexpected') return { outcome: unexpectedType('The inventory', task.event) }
  if (task.kind === 'acknowledge') {
    return { outcome: acknowledgeError === undefined ? done : { kind: 'retry', error: acknowledgeError } }
  }
  const failed = [...first, ...released].find((reply) => 'error' in reply)
  if (failed !== undefined && 'error' in failed) return { outcome: { kind: 'retry', error: failed.error } }
  if (first.some((reply) => 'hold' in reply && reply.hold === null))
    return { outcome: nothingHeld(task.event) }
  const now = first.map((reply) => released.find((later) => later.index === reply.index) ?? reply)
  return { answer: answerFor(task.event, task.event.data.orderId, holdsIn(now)) }
}

/** A confirmation without a reservation cannot come about: somebody has to look. */
const nothingHeld = (event: OrderEvent): Outcome => ({
  kind: 'park',
  reason: 'nothing_reserved',
  error: `${event.data.orderId} is confirmed, but nothing was reserved for it.`,
})
