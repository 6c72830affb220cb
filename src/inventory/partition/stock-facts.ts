import type { DomainEvent } from '../../contracts/events.ts'
import { SUBSCRIBERS } from '../../contracts/topology.ts'
import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { resendDelayMs } from '../../messaging/back-off.ts'
import { toSubscribers } from '../../messaging/outgoing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import { type Fact, forgetFact, loadFacts, storeFact } from './stock-store.ts'

/** Movements reach the ledger this long after they were made: most orders have reserved and committed by then. */
export const LEDGER_DELAY_MS = SECOND_MS

/** When a level changes, and in which trace. */
export type Occasion = { now: Instant; traceparent: string | undefined }

/** What a stock partition tells unasked: owed by its own row until the subscriber acknowledges it. Used in a turn. */
export const createStockFacts = (host: PartitionHost) => {
  const nextDue = (fact: Fact): Instant | null => {
    const now = host.now()
    if (!fact.isNoted) return now + resendDelayMs(fact.sends, host.chance)
    return fact.isListed ? null : now + LEDGER_DELAY_MS
  }
  /** A fact that is owed no longer is forgotten: each change of a price would otherwise leave an event for ever. */
  const store = (fact: Fact): void => {
    const dueAt = nextDue(fact)
    if (dueAt === null) {
      forgetFact(host.sql, fact)
      return
    }
    storeFact(host.sql, { ...fact, dueAt })
    host.wakeBy(dueAt)
  }
  const attendOne = (fact: Fact): void => {
    const now = host.now()
    const isDue = !fact.isNoted && now >= fact.sentAt + resendDelayMs(fact.sends, () => 0)
    if (isDue) host.publish(toSubscribers(fact.event))
    store(isDue ? { ...fact, sends: fact.sends + 1, sentAt: now } : fact)
  }
  return {
    /** A fact without a subscriber is recorded, and owed to nobody until it has one. */
    owe: (event: DomainEvent, now: Instant): void => {
      const isWanted = SUBSCRIBERS[event.type].length > 0
      const dueAt = isWanted ? now + LEDGER_DELAY_MS : null
      if (dueAt !== null) host.wakeBy(dueAt)
      host.publish(toSubscribers(event))
      const isListed = event.type !== 'ProductChanged'
      storeFact(host.sql, { event, dueAt, sends: 1, sentAt: now, isListed, isNoted: false })
    },

    /** These took effect at their subscribers: they are sent no more. */
    acknowledge: (factIds: readonly string[]): void => {
      for (const fact of loadFacts(host.sql, factIds)) {
        attempt(host, aboutFact(fact), () => store({ ...fact, isNoted: true }))
      }
    },

    /** Publishes again what is due. False where it could not be done for all. */
    attend: (seen: readonly Fact[], isListed: boolean): boolean => {
      const ids = seen.map((each) => each.event.id)
      return loadFacts(host.sql, ids)
        .map((fact) => ({ ...fact, isListed: fact.isListed || isListed }))
        .map((fact) => attempt(host, aboutFact(fact), () => attendOne(fact)))
        .every(({ ok }) => ok)
    },
  }
}

export type StockFacts = ReturnType<typeof createStockFacts>

const aboutFact = ({ event }: Fact) => ({ factId: event.id, traceId: traceIdOf(event) })
