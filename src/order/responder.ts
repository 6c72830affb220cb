import { createEvent, type DomainEvent, type EventOf } from '../contracts/events.ts'
import type { Instant } from '../kernel/instant.ts'
import { done, type Outcome } from '../messaging/consume.ts'
import type { Publish } from '../messaging/outgoing.ts'
import type { Wanted } from './partition/webhook-announcements.ts'
import type { Answer, Inquiry } from './saga.ts'

type Ports = {
  /** The partition of an order, or `undefined` for an id that no order can have. */
  labelOf(orderId: string): string | undefined
  /** The ids of the orders whose answers could not be taken in. */
  answer(label: string, answers: readonly (Answer | Inquiry)[]): Promise<readonly string[]>
  /** These announcements of a partition's orders were taken. */
  note(label: string, factIds: readonly string[]): Promise<void>
  /** Tells every partition what webhooks want. */
  want(wanted: Wanted): Promise<void>
  updateCatalogue(changes: readonly EventOf<'ProductChanged'>[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Takes a batch of events in: one call of a kind to each order partition, one write to the catalogue's copy. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const undone = new Set<string>()
  const [answered, noted, learned, wanted] = await Promise.all([
    eachPartition(events.filter(isAnswer), ports, async (label, answers) => {
      for (const orderId of await ports.answer(label, answers)) undone.add(orderId)
    }),
    eachPartition(events.filter(isNote), ports, (label, notes) =>
      ports.note(
        label,
        notes.flatMap((note) => note.data.ids),
      ),
    ),
    learn(events.filter(isProductChange), ports),
    want(events.filter(isWebhookChange), ports),
  ])
  return events.map((event) => {
    if (isProductChange(event)) return learned
    if (isWebhookChange(event)) return wanted
    if (!isAnswer(event) && !isNote(event)) return notForUs(event)
    if (isAnswer(event) && undone.has(event.subject)) return notTakenIn(event)
    const label = ports.labelOf(event.subject)
    const outcomes = isNote(event) ? noted : answered
    return (label !== undefined && outcomes.get(label)) || unknownLabel(event.subject)
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

const isNote = (event: DomainEvent): event is EventOf<'FactNoted'> => event.type === 'FactNoted'

const isWebhookChange = (event: DomainEvent): event is EventOf<'WebhooksChanged'> =>
  event.type === 'WebhooksChanged'

/** The outcome of the one call to each partition. */
const eachPartition = async <Event extends DomainEvent>(
  events: readonly Event[],
  ports: Ports,
  call: (label: string, events: readonly Event[]) => Promise<void>,
): Promise<ReadonlyMap<string, Outcome>> => {
  const byLabel = Map.groupBy(events, (event) => ports.labelOf(event.subject))
  const calls = Array.from(
    byLabel,
    async ([label, group]): Promise<[string, Outcome][]> =>
      label === undefined ? [] : [[label, await outcomeOf(call(label, group))]],
  )
  return new Map((await Promise.all(calls)).flat())
}

/** A product change is noted only after the copy has it. */
const learn = async (changes: readonly EventOf<'ProductChanged'>[], ports: Ports): Promise<Outcome> => {
  if (changes.length === 0) return done
  const update = async () => {
    await ports.updateCatalogue(changes)
    await ports.publish(changes.map((change) => ({ to: 'inventory', event: noteOf(change, ports.now()) })))
  }
  return await outcomeOf(update())
}

/** Noted only after every partition knows: what is placed from then on is announced. */
const want = async (changes: readonly EventOf<'WebhooksChanged'>[], ports: Ports): Promise<Outcome> => {
  const latest = changes.toSorted((left, right) => left.revision - right.revision).at(-1)
  if (latest === undefined) return done
  const tell = async () => {
    await ports.want({ revision: latest.revision, types: latest.data.types })
    await ports.publish(changes.map((change) => ({ to: 'operations', event: noteOf(change, ports.now()) })))
  }
  return await outcomeOf(tell())
}

const noteOf = (change: EventOf<'ProductChanged' | 'WebhooksChanged'>, now: Instant): EventOf<'FactNoted'> =>
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

const notTakenIn = (event: DomainEvent): Outcome => ({
  kind: 'retry',
  error: `The partition could not store what ${event.type} changes; its log says why.`,
})

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
