import { loadFilling } from '../../messaging/list-filling-store.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { type Archive, toArchiveText } from '../archive.ts'
import type { FeedConsumer } from '../feed-consumer.ts'
import type { Order } from '../order.ts'
import { archiveNameOf } from './archive-names.ts'
import { addDeparted, closePortion, deletePortion, type Portion, storePortion } from './departure-store.ts'
import { type Limits, loadReady } from './departure-walk.ts'
import { insertMarkOf } from './mark-store.ts'
import { lastPosition, type OrderRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'

/** The archive or the list did not take a portion. */
const RETRY_MS = 60_000

/** What orders need in order to leave. */
export type RetentionPorts = {
  /** Settled orders leave so many days after their last fact. 0: none leaves. */
  days: number
  /** The label of the partition's orders. */
  label: string
  archive: Archive
  /** Takes orders off the list, by the keys of its rows. */
  unlist(keys: Portion['listed']): Promise<void>
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

  /** In a turn: the portion goes on after so long. */
  const later = (portion: Portion, ms: number): void => {
    const dueAt = host.now() + ms
    storePortion(sql, portion, dueAt)
    host.wakeBy(dueAt)
  }

  /** Writes the portion to the archive. Its orders leave where they are still the same after that. */
  const archive = async (portion: Portion): Promise<void> => {
    const ready = (limits: Limits) => (days === 0 ? [] : loadReady(sql, limits, portion.orderIds))
    const orders = ready(await limitsNow()).map(orderOf)
    if (orders.length > 0) await retention.archive.put(archiveNameOf(label, portion), toArchiveText(orders))
    const limits = await limitsNow()
    host.turn(() => {
      const rows = ready(limits)
      if (rows.length === 0) return deletePortion(sql, portion)
      if (isFilling(host)) return later(portion, RETRY_MS)
      if (isSame(rows.map(orderOf), orders)) return leave(portion, rows)
      // An order has changed meanwhile. The others are archived again, without it.
      later({ ...portion, orderIds: rows.map(({ order }) => order.orderId) }, 0)
    })
  }

  /** In a turn: from now on the partition does not have these orders. */
  const leave = (portion: Portion, rows: readonly OrderRow[]): void => {
    const orders = rows.map(orderOf)
    const orderIds = orders.map(({ orderId }) => orderId)
    const leftAt = lastPosition(sql) + 1
    writes.remove(orderIds)
    for (const order of orders) insertMarkOf(sql, order, portion.portion)
    addDeparted(sql, {
      ...{ orders: orders.length, before: portion.before, lastId: orderIds.toSorted().at(-1) ?? '', leftAt },
      position: Math.max(...rows.map(({ positions }) => positions.at(-1) ?? 0)),
    })
    later({ ...portion, stage: 'left', orderIds, listed: orders.map(listKeyOf) }, 0)
  }

  const unlist = async (portion: Portion): Promise<void> => {
    await retention.unlist(portion.listed)
    host.turn(() => closePortion(sql, portion))
  }

  return async (portion: Portion): Promise<void> => {
    try {
      await (portion.stage === 'chosen' ? archive(portion) : unlist(portion))
    } catch (error) {
      const { stage, orderIds } = portion
      const about = { portion: archiveNameOf(label, portion), stage, orders: orderIds.length }
      host.log('warn', 'orders could not leave; this is tried again', { ...about, error: String(error) })
      host.turn(() => later(portion, RETRY_MS))
    }
  }
}

const orderOf = ({ order }: OrderRow): Order => order

const listKeyOf = ({ client, placedAt, orderId }: Order): Portion['listed'][number] => [
  client ?? '',
  placedAt,
  orderId,
]

/** An order that changes gets another version. */
const isSame = (orders: readonly Order[], archived: readonly Order[]): boolean => {
  const versions = new Map(archived.map(({ orderId, version }) => [orderId, version]))
  return (
    orders.length === archived.length &&
    orders.every(({ orderId, version }) => versions.get(orderId) === version)
  )
}
