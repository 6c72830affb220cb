import { createProductFollower } from '../../support/product-follower.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import { type ClientPorts, drawId } from './client-ports.ts'
import type { ClientRecords } from './client-records.ts'
import { IDEMPOTENT } from './persist.ts'

type Following = Action & { kind: 'follow feed' }
type Reader = ClientRecords['productReaders'][number]

/** Follows the product feed as a reader of `GET /feed/products` does. */
export const followProducts = async (
  ports: ClientPorts,
  { limit, pausesMs }: Following,
  outlet: Outlet,
): Promise<void> => {
  const reader: Reader = { follower: createProductFollower(), limit }
  ports.records.productReaders.push(reader)
  for (const pauseMs of pausesMs) {
    await readPage(ports, reader, outlet)
    await new Promise<void>((resolve) => {
      setTimeout(resolve, pauseMs)
    })
  }
}

/** Once nothing else happens: the readers read what is left, and another one of each kind reads all. */
export const readProductsToEnd = async (ports: ClientPorts, outlet: Outlet): Promise<void> => {
  const { productReaders } = ports.records
  for (const { limit } of [...productReaders])
    productReaders.push({ follower: createProductFollower(), limit })
  for (const reader of productReaders) {
    while ((await readPage(ports, reader, outlet)) !== 0);
    reader.isAtEnd = true
  }
}

/** An empty page is the end: then the reader has what was committed before it asked. */
const readPage = async (
  { system, platform, persist, records }: ClientPorts,
  { follower, limit }: Reader,
  outlet: Outlet,
): Promise<number | undefined> => {
  const before = records.productVersions.newest()
  const count = await persist(outlet, IDEMPOTENT, () =>
    follower.read(system().partitionsFor(outlet).stock.feed, limit, drawId('epoch', outlet)),
  )
  const newest = count === 0 ? follower.newest() : undefined
  for (const { partitionkey, sequence, id } of newest === undefined ? [] : before) {
    const got = newest?.get(partitionkey)
    if (got === undefined || got.sequence < sequence)
      platform.violated('the end of the product feed has every product', `${id} did not come, but ${got?.id}`)
  }
  return count
}
