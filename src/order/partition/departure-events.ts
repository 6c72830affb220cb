import { createEvent, type EventOf } from '../../contracts/events.ts'
import { SUBSCRIBERS } from '../../contracts/topology.ts'
import { type Instant, toTimestamp } from '../../kernel/instant.ts'
import type { Outgoing } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { nextResendAt, resend, sentOnce } from '../../messaging/redelivery.ts'
import {
  closePortion,
  loadOpenPortions,
  type Portion,
  type PortionIn,
  storePortion,
} from './departure-store.ts'

/** Portions whose legs have not acknowledged. Beyond them no further orders leave, so that a service that is away is not buried. */
export const TOLD_PORTIONS_MAX = 20

type Host = Pick<PartitionHost, 'now' | 'chance' | 'publish' | 'wakeBy'>

/** In a turn: the portion as it is told, and when it is due next. Its event is published once the turn is durable. */
export const tellLegs = (host: Host, { place, work }: PortionIn<'left'>): [Portion, Instant] => {
  const { orderIds, before } = work
  const at = host.now()
  const told = {
    stage: 'told',
    orderIds,
    before,
    unacknowledged: SUBSCRIBERS.OrdersArchived,
    at,
    ...sentOnce(at),
  } as const
  host.publish(outstanding(told))
  return due(host, { place, work: told })
}

/** In a turn: the same for a portion that was told before. */
export const tellLegsAgain = (host: Host, { place, work }: PortionIn<'told'>): [Portion, Instant] => {
  const { now, publish } = host
  return due(host, { place, work: resend(work, outstanding(work), { now: now(), publish }) })
}

const due = (host: Host, portion: PortionIn<'told'>): [Portion, Instant] => {
  const dueAt = nextResendAt(portion.work, host.now(), host.chance)
  host.wakeBy(dueAt)
  return [portion, dueAt]
}

/** In a turn: a service has these events. Once all have one, only where its portion lies is kept. */
export const acknowledgeDepartures = (
  host: Pick<PartitionHost, 'sql' | 'now' | 'chance'>,
  service: string,
  eventIds: readonly string[],
): void => {
  for (const { place, work } of loadOpenPortions(host.sql, TOLD_PORTIONS_MAX + 1)) {
    if (work.stage !== 'told' || !eventIds.includes(archived(work).id)) continue
    const unacknowledged = work.unacknowledged.filter((each) => each !== service)
    const dueAt = nextResendAt(work, host.now(), host.chance)
    if (unacknowledged.length === 0) closePortion(host.sql, place)
    else if (unacknowledged.length < work.unacknowledged.length)
      storePortion(host.sql, { place, work: { ...work, unacknowledged } }, dueAt)
  }
}

type Told = PortionIn<'told'>['work']

const outstanding = (work: Told): Outgoing[] =>
  work.unacknowledged.map((to) => ({ to, event: archived(work) }))

/** The same event each time. */
const archived = ({ orderIds, before, at }: Told): EventOf<'OrdersArchived'> =>
  createEvent({
    ...{ type: 'OrdersArchived', subject: orderIds[0] ?? '', at, revision: 1 },
    data: { orderIds: [...orderIds], before: toTimestamp(before) },
  })
