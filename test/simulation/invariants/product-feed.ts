import type { ProductEvent } from '../../../src/inventory/product-feed.ts'
import type { ProductFollower } from '../../support/product-follower.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import { type ProductVersions, productsIn } from '../clients/product-versions.ts'
import type { System } from '../system/system.ts'
import type { Violated } from './violated.ts'

/**
 * Every reader of the product feed has the newest version of every product. Versions of a product came in order, and each
 * is what its commit left. That this is the sum of the product's movements is checked at each commit, by `checkLevels`.
 */
export const checkProductFeed = (
  { stock }: Pick<System, 'stock'>,
  { productReaders, productVersions }: Pick<ClientRecords, 'productReaders' | 'productVersions'>,
  violated: Violated,
): void => {
  const stored = [...stock.values()].flatMap(({ sql }) => productsIn(sql))
  for (const { follower, isAtEnd } of productReaders) {
    if (isAtEnd === undefined)
      violated('a reader of the product feed reaches its end', 'a reader is still reading')
    checkNewest(follower, stored, violated)
    checkVersions(follower, productVersions, violated)
  }
}

const checkNewest = (
  follower: ProductFollower,
  stored: readonly ProductEvent[],
  violated: Violated,
): void => {
  const newest = follower.newest()
  for (const event of stored) {
    const [all, got] = [JSON.stringify(event), JSON.stringify(newest.get(event.partitionkey))]
    if (all !== got)
      violated('the product feed has the newest version of every product', `${got}, stored ${all}`)
  }
}

const checkVersions = (follower: ProductFollower, versions: ProductVersions, violated: Violated): void => {
  for (const id of follower.overtaken())
    violated('versions of a product come in order', `${id} came after a later one`)
  for (const event of follower.received()) {
    const [got, left] = [JSON.stringify(event), JSON.stringify(versions.committed(event.id))]
    if (left !== undefined && got !== left)
      violated('a version of a product is what its commit left', `${got}, committed ${left}`)
  }
}
