import { createEvent, type DomainEvent, type EventOf } from '../../src/contracts/events.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { done, type Outcome } from '../../src/messaging/consume.ts'
import type { Publish } from '../../src/messaging/outgoing.ts'
import type { Answer, Inquiry } from '../../src/order/saga.ts'

type Ports = {
  /** The partition of an order, or `undefined` for an id that no order can have. */
  labelOf(orderId: string): string | undefined
  answer(label: string, answers: readonly (Answer | Inquiry)[]): Promise<void>
  updateCatalogue(changes: readonly EventOf<'ProductChanged'>[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Takes a batch of events in: one call to each order partition, one write to the catalogue's copy. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const [answered, learned] = await Promise.all([
    answerAll(events.filter(isAnswer), ports),
    learn(events.filter(isProductChange), ports),
  ])
  return events.map((event) => {
    if (isProductChange(event)) return learned
    if (!isAnswer(event)) return notForUs(event)
    const label = ports.labelOf(event.subject)
    return (label !== undefined && answered.get(label)) || unknownLabel(event.subject)
  })
}

const ANSWERS = new Set<string>([
  'StockReserved',
  'StockRejected',
  'StockCommitted',
  'StockReleased',
  'PaymentAuthorized',
  'PaymentDeclined',
  'PaymentCaptured',
  'PaymentFailed',
  'PaymentVoided',
  'PaymentRefunded',
  'ReservationOverdue',
  'AuthorizationOverdue',
] satisfies (Answer | Inquiry)['type'][])

const isAnswer = (event: DomainEvent): event is Answer | Inquiry => ANSWERS.has(event.type)

const isProductChange = (event: DomainEvent): event is EventOf<'ProductChanged'> =>
  event.type === 'ProductChanged'

/** The outcome of the one call to each partition. */
const answerAll = async (
  answers: readonly (Answer | Inquiry)[],
  ports: Ports,
): Promise<ReadonlyMap<string, Outcome>> => {
  const byLabel = Map.groupBy(answers, (answer) => ports.labelOf(answer.subject))
  const calls = Array.from(
    byLabel,
    async ([label, group]): Promise<[string, Outcome][]> =>
      label === undefined ? [] : [[label, await outcomeOf(ports.answer(label, group))]],
  )
  return new Map((await Promise.all(calls)).flat())
}

/** A product change is noted only after the copy has it. */
const learn = async (changes: readonly EventOf<'ProductChanged'>[], ports: Ports): Promise<Outcome> => {
  if (changes.length === 0) return done
  const update = async () => {
    await ports.updateCatalogue(changes)
    await ports.publish(changes.map((change) => ({ to: 'inventory', event: noted(change, ports.now()) })))
  }
  return await outcomeOf(update())
}

const noted = (change: EventOf<'ProductChanged'>, now: Instant): EventOf<'FactNoted'> =>
  createEvent({
    type: 'FactNoted',
    subject: change.subject,
    occurrence: change.id,
    at: now,
    revision: change.revision,
    data: { ids: [change.id] },
    cause: change,
  })

const outcomeOf = (work: Promise<void>): Promise<Outcome> =>
  work.then(
    () => done,
    (error): Outcome => ({ kind: 'retry', error: String(error) }),
  )

const notForUs = (event: DomainEvent): Outcome => ({
  kind: 'park',
  reason: 'unexpected_type',
  error: `The order service does not subscribe to ${event.type}.`,
})

const unknownLabel = (orderId: string): Outcome => ({
  kind: 'park',
  reason: 'unknown_partition',
  error: `No partition of this deployment holds ${orderId}.`,
})
