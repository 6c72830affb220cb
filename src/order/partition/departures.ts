import { gauge, type Sample } from '../../contracts/metrics.ts'
import { type Instant, secondsSince } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { RecentRows } from '../../messaging/recent-rows.ts'
import { type HeldBack, heldBackBy } from '../held-back.ts'
import { cutAt } from '../retention.ts'
import { acknowledgeDepartures, TOLD_PORTIONS_MAX } from './departure-events.ts'
import {
  countOpenPortions,
  earliestPortionDue,
  insertPortion,
  loadDeparted,
  loadOpenPortions,
} from './departure-store.ts'
import { type Chosen, createDepartureWalk, type Limits } from './departure-walk.ts'
import type { OrderFeed } from './order-feed.ts'
import { loadOldestAt } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'
import { createPortionSteps, isFilling, type LimitsNow, type RetentionPorts } from './portion-steps.ts'

/** Between two portions the partition does its other work: at most a thousand orders leave in a second. */
const PORTION_EVERY_MS = 200
/** Steps of the walk between two portions: some fifty milliseconds at most. */
const STEPS_MAX = 5

type Ports = {
  host: PartitionHost
  writes: OrderWrites
  recent: Pick<RecentRows, 'nextLookAt'>
  feed: Pick<OrderFeed, 'isReadable'>
}

/** Settled orders leave the partition, where an archive is bound. */
export const createDepartures = (ports: Ports, retention: RetentionPorts | undefined): Departures =>
  retention === undefined ? NO_DEPARTURES : createDeparturesTo(ports, retention)

export type Departures = {
  /** When the next step of the open portion is due. */
  dueAt(): Instant | undefined
  /** Looks for orders that may leave. Writes only where there are some. */
  look(): Promise<void>
  /**
   * In a wake-up: does the steps of open portions that are due, and chooses the next one once the last has left. Where the
   * steps of an earlier wake-up are still at work, it waits for them: two of one step would let its orders leave twice.
   */
  work(): Promise<void>
  /** In a turn: a service lets go of what it has about the orders in these events. */
  acknowledge(service: string, eventIds: readonly string[]): void
  measure(): Sample[]
}

const NO_DEPARTURES: Departures = {
  dueAt: () => undefined,
  look: async () => {},
  work: async () => {},
  acknowledge: () => {},
  measure: () => [],
}

/**
 * Orders leave in portions: chosen, archived, deleted, taken off the list, and told to their legs. Each step is stored, so a
 * crash repeats at most one of them, under the same name in the archive: a minute later, when the first text has landed. The search for the next portion only reads. It goes
 * through the partition once a day.
 */
const createDeparturesTo = (ports: Ports, retention: RetentionPorts): Departures => {
  const { host, recent, feed } = ports
  const { sql } = host
  const walk = createDepartureWalk(sql, retention.label)
  let heldBack: HeldBack | undefined
  /** The next portion waits until services acknowledge the last ones. */
  let wantsMore = false
  /** The steps that are at work. A wake-up that failed leaves them behind. */
  let atWork: Promise<void> | undefined

  const limitsNow: LimitsNow = async () => {
    heldBack = heldBackBy(await retention.consumers(), { label: retention.label, ...feed })
    return { cut: cutAt(host.now(), retention.days), heldAfter: heldBack?.after }
  }
  const goOn = createPortionSteps({ ...ports, retention, limitsNow })

  /** A partition that was away for long has yet to list old orders. */
  const isListing = (): boolean =>
    isFilling(host) || (recent.nextLookAt() ?? Number.POSITIVE_INFINITY) <= cutAt(host.now(), retention.days)

  const find = (limits: Limits): Chosen | undefined => {
    for (let steps = 0; steps < STEPS_MAX && !walk.isResting(host.now()); steps += 1) {
      const found = walk.step(limits, host.now())
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Stores the next portion, where there is one. */
  const choose = async (dueAt: Instant): Promise<void> => {
    if (retention.days === 0 || walk.isResting(host.now()) || isListing()) return
    const limits = await limitsNow()
    const found = isBusy() ? undefined : find(limits)
    if (found === undefined) return
    host.turn(() => {
      insertPortion(sql, { ...found, before: limits.cut }, dueAt)
      host.wakeBy(dueAt)
    })
  }

  /** Whether the next portion has to wait: for the last one, or for services that are away. */
  const isBusy = (): boolean => {
    const { open, told } = countOpenPortions(sql)
    return open > told || told >= TOLD_PORTIONS_MAX
  }

  const isDue = (): boolean => (earliestPortionDue(sql) ?? Number.POSITIVE_INFINITY) <= host.now()

  const work = async (): Promise<void> => {
    if (!isDue() && !wantsMore) return
    for (let steps = 0; steps < STEPS_MAX && isDue(); steps += 1) {
      for (const portion of loadOpenPortions(sql, 1)) await goOn(portion)
    }
    wantsMore = isBusy()
    if (!wantsMore) await choose(host.now() + PORTION_EVERY_MS)
  }

  return {
    dueAt: () => earliestPortionDue(sql),

    look: async () => {
      if (!isBusy()) await choose(host.now())
    },

    work: async () => {
      atWork ??= work().finally(() => {
        atWork = undefined
      })
      await atWork
    },

    acknowledge: (service, eventIds) => {
      acknowledgeDepartures(host, service, eventIds)
      if (wantsMore) host.wakeBy(host.now() + PORTION_EVERY_MS)
    },

    measure: () => [
      gauge('edge_orders_orders_departed', loadDeparted(sql).orders),
      gauge('edge_orders_oldest_order_seconds', secondsSince(loadOldestAt(sql), host.now())),
      ...(heldBack === undefined
        ? []
        : [gauge('edge_orders_orders_held_back', walk.heldBack(), { consumer: heldBack.consumer })]),
    ],
  }
}
