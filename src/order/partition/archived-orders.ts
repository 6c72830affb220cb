import { dayOf } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { orderInArchive } from '../archive.ts'
import type { Order } from '../order.ts'
import { timeOfOrderId } from '../retention.ts'
import { archiveNameOf } from './archive-names.ts'
import { findPortions, loadDeparted, loadPortionPlace, type PortionPlace } from './departure-store.ts'
import { loadMark } from './mark-store.ts'
import { isStored } from './order-store.ts'
import type { RetentionPorts } from './portion-steps.ts'
import { mayRead, type Reader } from './visible-order.ts'

/** Texts of the archive that are read for one order. It is in the first of them, unless it left later than its day. */
const PORTIONS_READ_MAX = 20

/** Orders that have left the partition. */
export const createArchivedOrders = (
  { sql }: Pick<PartitionHost, 'sql'>,
  retention: Pick<RetentionPorts, 'label' | 'archive'> | undefined,
) => {
  /** Whether an order that is not stored here was, and has left. An id of ours tells its age, and of others a mark stays. */
  const hasLeft = (orderId: string): boolean => {
    const madeAt = timeOfOrderId(orderId)
    if (madeAt === undefined || isStored(sql, orderId)) return false
    return madeAt < loadDeparted(sql).before || loadMark(sql, orderId) !== undefined
  }

  /** The portions that may have an order which has left. */
  const portionsOf = (orderId: string): PortionPlace[] => {
    const mark = loadMark(sql, orderId)
    if (mark !== undefined) return [loadPortionPlace(sql, mark.portion) ?? []].flat()
    return findPortions(sql, dayOf(timeOfOrderId(orderId) ?? 0), orderId, PORTIONS_READ_MAX)
  }

  /** Undefined where there is no such order, and where no archive is bound. */
  const read = async (orderId: string): Promise<Order | undefined> => {
    if (retention === undefined || !hasLeft(orderId)) return undefined
    for (const place of portionsOf(orderId)) {
      const text = await retention.archive.get(archiveNameOf(retention.label, place))
      const order = text === undefined ? undefined : orderInArchive(text, orderId)
      if (order !== undefined) return order
    }
    return undefined
  }

  return {
    hasLeft,

    /** The order, where there is one that the reader may see. */
    visible: async (orderId: string, reader: Reader): Promise<Order | undefined> => {
      const order = await read(orderId)
      return order && mayRead(reader, order) ? order : undefined
    },
  }
}

export type ArchivedOrders = ReturnType<typeof createArchivedOrders>
