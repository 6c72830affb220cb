import { assertNever } from '../../kernel/assert.ts'
import { loadFilling } from '../../messaging/list-filling-store.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { type Archive, toArchiveText } from '../archive.ts'
import type { FeedConsumer } from '../feed-consumer.ts'
import type { Order } from '../order.ts'
import { archiveNameOf } from './archive-names.ts'
import { tellLegs, tellLegsAgain } from './departure-events.ts'
import {
  addDeparted,
  deletePortion,
  earliestPortionDue,
  type ListKey,
  type Portion,
  type PortionIn,
  storePortion,
} from './departure-store.ts'
import { type Limits, loadReady } from './departure-walk.ts'
import { insertMarkOf } from './mark-store.ts'
import { lastPosition, type OrderRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'

/** The archive or the list did not take a portion. A text that was sent is in the archive by then, or never comes there. */
const RETRY_MS = 60_000

/** What orders need in order to leave. */
export type RetentionPorts = {
  /** Settled orders leave so many days after their last fact. 0: none leaves. */
  days: number
  /** The label of the partition's orders. */
  label: string
  archive: Archive
  /** Takes orders off the list, by the keys of its rows. */
  unlist(keys: readonly ListKey[]): Promise<void>
  /** The consumers of the order feed. Those that are behind hold orders back. */
  consumers(): Promise<readonly FeedConsumer[]>
}

type Ports = { host: PartitionHost; writes: OrderWrites; retention: RetentionPorts; limitsNow: LimitsNow }

/** A filling of the list walks the rows: it would list orders once more that have left. */
export const isFilling = ({ sql }: Pick<PartitionHost, 'sql'>): boolean => loadFilling(sql) !== undefined

/** What orders must be in order to leave now. */
export type LimitsNow = () => Promise<Limits>

/** Does the next step of a portion. One that fails is tried again later. */
export const createPortionSteps = ({ host, writes, retention, limitsNow }: Ports) => {
  const { sql } = host
  const { days, label } = retention
  const startedAt = host.now()

  /** In a turn: the portion goes on after so long. */
  const later = (portion: Portion, ms: number): void => {
    const dueAt = host.now() + ms
    storePortion(sql, portion, dueAt)
    host.wakeBy(dueAt)
  }

  /**
   * Writes the portion to the archive. Its orders leave where they are still the same after that. Where none may leave any
   * more, the portion is given up once its text is empty: no erasure would find a text without a portion.
   */
  const archive = async ({ place, work }: PortionIn<'chosen'>): Promise<void> => {
    const ready = (limits: Limits) => (days === 0 ? [] : loadReady(sql, limits, work.orderIds))
    const orders = ready(await limitsNow()).map(orderOf)
    await retention.archive.put(archiveNameOf(label, place), toArchiveText(orders))
    const limits = await limitsNow()
    host.turn(() => {
      const rows = ready(limits)
      if (rows.length === 0 && orders.length === 0) return deletePortion(sql, place)
      if (isFilling(host)) return later({ place, work }, RETRY_MS)
      if (isSame(rows.map(orderOf), orders)) return leave({ place, work }, rows)
      // An order has changed meanwhile. The others are archived again, without it.
      later({ place, work: { ...work, orderIds: rows.map(({ order }) => order.orderId) } }, 0)
    })
  }

  /** Whether an earlier life of the partition may have sent the text of the portion that is due. It would replace the next one. */
  const mayLand = (): boolean => (earliestPortionDue(sql) ?? startedAt) < startedAt

  /** In a turn: from now on the partition does not have these orders. */
  const leave = ({ place, work: { before } }: PortionIn<'chosen'>, rows: readonly OrderRow[]): void => {
    const orders = rows.map(orderOf)
    const orderIds = orders.map(({ orderId }) => orderId)
    const leftAt = lastPosition(sql) + 1
    writes.remove(orderIds)
    for (const order of orders) insertMarkOf(sql, order, place.portion)
    addDeparted(sql, {
      ...{ orders: orders.length, before, lastId: orderIds.toSorted().at(-1) ?? '', leftAt },
      position: Math.max(...rows.map(({ positions }) => positions.at(-1) ?? 0)),
    })
    later({ place, work: { stage: 'left', orderIds, before, listed: orders.map(listKeyOf) } }, 0)
  }

  /** Takes the orders off the list. Then their legs may leave. */
  const unlist = async ({ place, work }: PortionIn<'left'>): Promise<void> => {
    await retention.unlist(work.listed)
    host.turn(() => storePortion(sql, ...tellLegs(host, { place, work })))
  }

  const goOn = async ({ place, work }: Portion): Promise<void> => {
    switch (work.stage) {
      case 'chosen':
        if (mayLand()) return host.turn(() => later({ place, work }, RETRY_MS))
        return await archive({ place, work })
      case 'left':
        return await unlist({ place, work })
      case 'told':
        return host.turn(() => storePortion(sql, ...tellLegsAgain(host, { place, work })))
      default:
        return assertNever(work)
    }
  }

  return async (portion: Portion): Promise<void> => {
    try {
      await goOn(portion)
    } catch (error) {
      const { stage, orderIds } = portion.work
      const about = { portion: archiveNameOf(label, portion.place), stage, orders: orderIds.length }
      host.log('warn', 'orders could not leave; this is tried again', { ...about, error: String(error) })
      host.turn(() => later(portion, RETRY_MS))
    }
  }
}

const orderOf = ({ order }: OrderRow): Order => order

const listKeyOf = ({ client, placedAt, orderId }: Order): ListKey => [client ?? '', placedAt, orderId]

/** An order that changes gets another version. */
const isSame = (orders: readonly Order[], archived: readonly Order[]): boolean => {
  const versions = new Map(archived.map(({ orderId, version }) => [orderId, version]))
  return (
    orders.length === archived.length &&
    orders.every(({ orderId, version }) => versions.get(orderId) === version)
  )
}
