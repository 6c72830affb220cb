import type { Instant } from '../../../../../src/kernel/instant.ts'
import {
  type BankOperation,
  bankTypeOf,
  type Story,
  type StoryEvent,
  serviceOf,
  stockTimesOf,
} from './story.ts'

/**
 * One event's way: it waited in a queue from its cause until a service began to work for it, and the work took until the
 * event. `workFrom` is `to` where no row has the beginning of the work.
 */
export type Step = {
  name: string
  service: string
  from: Instant
  workFrom: Instant
  to: Instant
  /** What the work is. */
  work: 'partition' | 'bank'
}

/** Steps that one request began. They share a scale of time. */
export type Chapter = { title: string; steps: readonly [Step, ...Step[]] }

/** The order's steps, a chapter for its placement and for each later request. */
export const chaptersOf = (story: Story): Chapter[] => {
  const chapters: { title: string; steps: [Step, ...Step[]] }[] = []
  for (const [index, event] of story.events.entries()) {
    const before = story.events.slice(0, index)
    const step = stepOf(story, event, before)
    const last = chapters.at(-1)
    if (last === undefined || isBegun(event, before)) chapters.push({ title: titleOf(event), steps: [step] })
    else last.steps.push(step)
  }
  return chapters
}

/** Whether a request began the event, and no event of the order. */
const isBegun = (event: StoryEvent, before: readonly StoryEvent[]): boolean => {
  if (event.type === 'OrderCancelled') return event.causationid === undefined
  return event.type === 'PaymentRefunded' && causeOf(event, before) === undefined
}

const TITLES: Readonly<Record<string, string>> = {
  OrderPlaced: 'From the request to settled',
  OrderCancelled: 'After the cancellation',
  PaymentRefunded: 'A refund',
}

const titleOf = ({ type }: StoryEvent): string => TITLES[type] ?? type

const causeOf = (event: StoryEvent, before: readonly StoryEvent[]): StoryEvent | undefined =>
  before.find(({ id }) => id === event.causationid)

/** Services have their own clocks, so each time is kept between those beside it. */
const stepOf = (story: Story, event: StoryEvent, before: readonly StoryEvent[]): Step => {
  const to = Date.parse(event.time)
  const from = Math.min(to, beginOf(story, event, before))
  const began = workBegan(story, event, from)
  return {
    ...{ name: event.type, service: serviceOf(event), from, to },
    workFrom: began === undefined ? to : Math.max(from, Math.min(to, began)),
    work: bankTypeOf(event) === undefined ? 'partition' : 'bank',
  }
}

const beginOf = (story: Story, event: StoryEvent, before: readonly StoryEvent[]): Instant => {
  const cause = causeOf(event, before)
  if (cause !== undefined) return Date.parse(cause.time)
  const refund = story.payment?.refunds.find(({ refundId }) => event.id.endsWith(`/${refundId}`))
  if (refund !== undefined) return Date.parse(refund.requestedAt)
  if (event.type === 'OrderPlaced' || event.type === 'OrderCancelled') return Date.parse(event.time)
  return Date.parse(before.at(-1)?.time ?? event.time)
}

/** When a service had the event's cause, by its own rows. The bank's books have when the bank did it. */
const workBegan = (story: Story, event: StoryEvent, from: Instant): Instant | undefined => {
  const bankType = bankTypeOf(event)
  const times = stockTimesOf(story, event)
  if (bankType === undefined) return times.length === 0 ? undefined : Math.min(...times.map(Date.parse))
  const createdAt = Date.parse(story.payment?.createdAt ?? '')
  if (bankType === 'authorize' && createdAt >= from) return createdAt
  const done = operationOf(story, event, bankType)
  return done?.at === undefined ? undefined : Date.parse(done.at)
}

/** A refund's key has the refund's id. Of the others, the bank did one of each type. */
const operationOf = (
  { bank = [] }: Story,
  event: StoryEvent,
  type: BankOperation['type'],
): BankOperation | undefined => {
  const [, , refundId] = event.id.split('/')
  const all = bank.filter((each) => each.type === type)
  return refundId === undefined
    ? all.at(-1)
    : all.find(({ idempotencyKey }) => idempotencyKey.includes(refundId))
}
