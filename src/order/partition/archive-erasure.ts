import type { PartitionHost } from '../../messaging/partition.ts'
import { fromArchiveText, toArchiveText } from '../archive.ts'
import { isOrderOf, withoutPersonalData } from '../personal-data.ts'
import { archiveNameOf } from './archive-names.ts'
import type { ErasureReply, ErasureRequest } from './customer-erasure.ts'
import { loadDepartedAfter, type PortionPlace } from './departure-store.ts'
import type { RetentionPorts } from './portion-steps.ts'

/** Texts of the archive that one portion of an erasure reads: some 5 MB. */
const TEXTS_MAX = 10

const NOTHING: ErasureReply = { erased: [], waiting: [] }

/**
 * Erases what orders in the archive say about one customer, a portion in each call. `after` is the number of the last text
 * that was gone through. Orders that are about to leave are still in the partition, and are erased there.
 */
export const createArchiveErasure = (
  { sql }: Pick<PartitionHost, 'sql'>,
  retention: Pick<RetentionPorts, 'label' | 'archive'> | undefined,
) => {
  /** Two erasures of one text would undo each other, so one waits for the other. */
  let last: Promise<unknown> = Promise.resolve()

  const eraseIn = async (
    place: PortionPlace,
    { customer, isDryRun }: ErasureRequest,
    { label, archive }: Pick<RetentionPorts, 'label' | 'archive'>,
  ): Promise<string[]> => {
    const name = archiveNameOf(label, place)
    const orders = fromArchiveText((await archive.get(name)) ?? '')
    const found = orders.filter((order) => isOrderOf(order, customer))
    if (found.length > 0 && !isDryRun) {
      const erased = orders.map((order) => (isOrderOf(order, customer) ? withoutPersonalData(order) : order))
      await archive.put(name, toArchiveText(erased))
    }
    return found.map(({ orderId }) => orderId)
  }

  const erase = async (request: ErasureRequest): Promise<ErasureReply> => {
    if (retention === undefined) return NOTHING
    const places = loadDepartedAfter(sql, Number(request.after), TEXTS_MAX)
    const erased: string[] = []
    for (const place of places) erased.push(...(await eraseIn(place, request, retention)))
    const next = places.length < TEXTS_MAX ? undefined : places.at(-1)?.portion
    return { erased, waiting: [], ...(next !== undefined && { next: String(next) }) }
  }

  return (request: ErasureRequest): Promise<ErasureReply> => {
    const erasure = last.then(() => erase(request))
    last = erasure.catch(() => undefined)
    return erasure
  }
}
