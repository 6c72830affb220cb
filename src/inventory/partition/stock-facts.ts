import type { DomainEvent } from '../../contracts/events.ts'
import { SUBSCRIBERS } from '../../contracts/topology.ts'
import type { Instant } from '../../kernel/instant.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import type { Counters } from '../../messaging/counters.ts'
import { attendAll } from '../../messaging/due-rows.ts'
import { listingAt } from '../../messaging/listing.ts'
import { type Outgoing, toSubscribers } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { nextResendAt, resend, sentOnce } from '../../messaging/redelivery.ts'
import { attempt } from '../../messaging/turn.ts'
import { type Fact, forgetFact, loadFacts, storeFact } from './fact-store.ts'

/** When a level changes, and in which trace. */
export type Occasion = { now: Instant; traceparent: string | undefined }

/** Facts that no order asks for: each has a row, and is sent again until its subscriber acknowledges it. Used in a turn. */
export const createStockFacts = (host: PartitionHost, { publishAgain }: Counters) => {
  const nextDue = (fact: Fact): Instant | null => {
    const now = host.now()
    // No client waits for a fact: the delay counts from this look.
    if (!fact.isNoted) return nextResendAt({ ...fact, sentAt: now }, now, host.chance)
    return fact.isListed ? null : listingAt(now)
  }
  /** An acknowledged fact is forgotten: each change of a price would otherwise leave an event for ever. */
  const store = (fact: Fact): void => {
    const dueAt = nextDue(fact)
    if (dueAt === null) {
      forgetFact(host.sql, fact)
      return
    }
    storeFact(host.sql, { ...fact, dueAt })
    host.wakeBy(dueAt)
  }
  const outstanding = ({ event, isNoted }: Fact): Outgoing[] => (isNoted ? [] : toSubscribers(event))
  return {
    /** Publishes a new fact. One without a subscriber is recorded, and is sent once it has one. */
    publish: (event: DomainEvent, now: Instant): void => {
      const isWanted = SUBSCRIBERS[event.type].length > 0
      const dueAt = isWanted ? listingAt(now) : null
      if (dueAt !== null) host.wakeBy(dueAt)
      host.publish(toSubscribers(event))
      const isListed = event.type !== 'ProductChanged'
      storeFact(host.sql, { event, dueAt, ...sentOnce(now), isListed, isNoted: false })
    },

    /** These took effect at their subscribers: they are sent no more. */
    acknowledge: (factIds: readonly string[]): void => {
      for (const fact of loadFacts(host.sql, factIds)) {
        attempt(host, aboutFact(fact), () => store({ ...fact, isNoted: true }))
      }
    },

    /** Sends outstanding facts again where that is due. False where that failed for one of them. */
    attend: (due: readonly Fact[], isListed: boolean): boolean =>
      attendAll(host, due, {
        idOf: ({ event }) => event.id,
        load: (ids) => new Map(loadFacts(host.sql, ids).map((fact) => [fact.event.id, fact])),
        about: aboutFact,
        attend: (fact) => {
          const resent = resend(fact, outstanding(fact), { now: host.now(), publish: publishAgain })
          store({ ...resent, isListed: fact.isListed || isListed })
        },
      }),
  }
}

export type StockFacts = ReturnType<typeof createStockFacts>

const aboutFact = ({ event }: Fact) => ({ factId: event.id, traceId: traceIdOf(event) })
