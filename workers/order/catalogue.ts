import type { EventOf } from '../../src/contracts/events.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { toMinor } from '../../src/kernel/money.ts'
import { type CatalogueRead, createCatalogueCopy } from '../../src/order/catalogue-copy.ts'
import { PAUSES_MAX, withPauses } from '../../src/order/pause.ts'
import type { Product } from '../../src/order/pricing.ts'

/** The order service's copy of the catalogue. */
export type Catalogue = {
  /** Products by id, with whether new orders for them are paused. Ids that the catalogue does not have are left out. */
  find(database: D1Database, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>>
}

/**
 * A copy that remembers products for as long as the isolate lives that made it. A read of the database brings the
 * products that the copy does not have yet, and all changes of the others: one read in two seconds serves all orders.
 */
export const createCatalogue = (now: () => Instant): Catalogue => {
  const copy = createCatalogueCopy()
  const find = async (database: D1Database, productIds: readonly string[]) => {
    const startedAt = now()
    const known = copy.pick(productIds)
    const missing = productIds.filter((id) => !known.has(id))
    if (missing.length === 0 && !copy.claimRead(startedAt)) return known
    const read = await readCatalogue(database, missing, copy.changeNumber())
    copy.update(read, startedAt)
    if (!read.isCut) return withRows(known, read)
    // After so many changes nothing that was known may be used.
    const all = await readCatalogue(database, productIds, undefined)
    copy.update(all, startedAt)
    return withRows(new Map(), all)
  }
  return {
    find: async (database, productIds) => withPauses(await find(database, productIds), copy.pauses()),
  }
}

/** The known products as they were at the moment of the read, and those that were missing. */
const withRows = (known: Map<string, Product>, { named, changed }: CatalogueRead): Map<string, Product> => {
  for (const row of changed) if (known.has(row.productId)) known.set(row.productId, row)
  for (const row of named) known.set(row.productId, row)
  return known
}

/** A read costs no more rows than this, the products that it names, and the pauses. */
const CHANGES_MAX = 500

/** No change has a higher number: nothing changed after it. */
const AFTER_ALL_CHANGES = Number.MAX_SAFE_INTEGER

const COLUMNS =
  'product_id AS productId, unit_price_minor AS unitPriceMinor, currency, change_number AS changeNumber'

/** One statement reads one moment. The first branch has one row: the number of the last change. */
const READ = `SELECT 'last' AS branch, '' AS productId, 0 AS unitPriceMinor, '' AS currency,
    COALESCE(MAX(change_number), 0) AS changeNumber FROM catalogue WHERE change_number > 0
  UNION ALL SELECT 'named', ${COLUMNS} FROM catalogue WHERE product_id IN (SELECT value FROM json_each(?1))
  UNION ALL SELECT 'paused', product_id, 0, '', 0 FROM (
    SELECT product_id FROM pauses ORDER BY product_id LIMIT ${PAUSES_MAX})
  UNION ALL SELECT 'changed', * FROM (SELECT ${COLUMNS} FROM catalogue
    WHERE change_number > 0 AND change_number > ?2 ORDER BY change_number LIMIT ${CHANGES_MAX + 1})`

const readCatalogue = async (
  database: D1Database,
  productIds: readonly string[],
  since: number | undefined,
): Promise<CatalogueRead> => {
  const { results } = await database
    .prepare(READ)
    .bind(JSON.stringify(productIds), since ?? AFTER_ALL_CHANGES)
    .all<Product & { branch: 'last' | 'named' | 'paused' | 'changed'; changeNumber: number }>()
  const [last] = results
  const changed = results.filter(({ branch }) => branch === 'changed')
  return {
    since,
    changeNumber: last?.changeNumber ?? 0,
    named: results.filter(({ branch }) => branch === 'named'),
    changed,
    isCut: changed.length > CHANGES_MAX,
    pauses: new Set(results.filter(({ branch }) => branch === 'paused').map(({ productId }) => productId)),
  }
}

/** Stores product changes of the inventory service. An older revision never replaces a newer one. */
export const updateCatalogue = async (
  database: D1Database,
  changes: readonly EventOf<'ProductChanged'>[],
): Promise<void> => {
  const rows = changes.map(({ revision, data }) => ({
    productId: data.productId,
    revision,
    unitPriceMinor: toMinor(data.unitPrice, data.currency),
    currency: data.currency,
  }))
  await database
    .prepare(
      `INSERT INTO catalogue (product_id, revision, unit_price_minor, currency)
        SELECT value ->> 'productId', value ->> 'revision', value ->> 'unitPriceMinor', value ->> 'currency'
        FROM json_each(?) WHERE true
        ON CONFLICT (product_id) DO UPDATE SET
          revision = excluded.revision, unit_price_minor = excluded.unit_price_minor, currency = excluded.currency
        WHERE excluded.revision > catalogue.revision`,
    )
    .bind(JSON.stringify(rows))
    .run()
}
