import { describe, expect, it } from 'vitest'
import { decodeCursor, type Page } from '../../../src/contracts/paging.ts'
import type { StockAlertType } from '../../../src/contracts/stock-alert.ts'
import { DAY_MS, SECOND_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import type { StockAlert } from '../../../src/operations/responder.ts'
import {
  type AlertFilter,
  findAlerts,
  forgetAlerts,
  keepAlerts,
} from '../../../workers/operations/stock-alerts.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const alert = (
  second: number,
  productId: string,
  { type = 'StockDepleted' }: { type?: StockAlertType } = {},
): StockAlert => ({
  ...{ specversion: '1.0', id: `${productId}/${type}/${second}`, source: '/inventory', type },
  ...{
    schemaversion: 1,
    revision: second,
    hops: 0,
    subject: productId,
    time: toTimestamp(NOW + second * SECOND_MS),
  },
  data: { productId, available: type === 'StockDepleted' ? 0 : 7 },
})

const REPLENISHED = { type: 'StockReplenished' } as const

/** Two of one moment among them. */
const ALERTS = [
  alert(0, 'P001', REPLENISHED),
  alert(1, 'P001'),
  alert(1, 'P002'),
  alert(2, 'P001', REPLENISHED),
  alert(3, 'P003', REPLENISHED),
]

const listOf = async (alerts: readonly StockAlert[]) => {
  const { database } = createInMemoryD1('operations')
  await keepAlerts(database, alerts)
  const find = (filter: AlertFilter = {}, page: Partial<Page> = {}) =>
    findAlerts(database, filter, { list: 'x', limit: 100, ...page })
  const ids = async (filter?: AlertFilter) => (await find(filter)).items.map(({ id }) => id)
  return { database, find, ids }
}

describe('the list of stock alerts', () => {
  it.each<[AlertFilter, number[]]>([
    [{}, [4, 3, 2, 1, 0]],
    [{ productId: 'P001' }, [3, 1, 0]],
    [{ type: 'StockDepleted' }, [2, 1]],
    [{ productId: 'P001', type: 'StockReplenished' }, [3, 0]],
    [{ productId: 'P009' }, []],
  ])('is newest first, filtered by %o', async (filter, places) => {
    const { ids } = await listOf(ALERTS)
    expect(await ids(filter)).toEqual(places.map((place) => ALERTS[place]?.id))
  })

  it('shows the product, what happened, and what was available then', async () => {
    const { find } = await listOf([alert(0, 'P001', REPLENISHED)])
    expect((await find()).items).toEqual([
      {
        ...{ id: 'P001/StockReplenished/0', productId: 'P001', type: 'StockReplenished' },
        ...{ available: 7, at: toTimestamp(NOW) },
      },
    ])
  })

  it('leads from page to page without a gap, also between alerts of one moment', async () => {
    const { find } = await listOf(ALERTS)
    const seen: string[] = []
    let after: Page['after']
    do {
      const { items, nextCursor } = await find({}, { limit: 1, after })
      seen.push(...items.map(({ id }) => id))
      after = nextCursor === undefined ? undefined : decodeCursor(nextCursor)?.position
    } while (after !== undefined)
    expect(seen).toEqual(ALERTS.map(({ id }) => id).toReversed())
  })

  it('has an alert once that comes twice', async () => {
    const { database, ids } = await listOf(ALERTS)
    await keepAlerts(database, ALERTS.slice(0, 2))
    expect(await ids()).toHaveLength(ALERTS.length)
  })
})

describe('an old stock alert', () => {
  it('is deleted after 90 days, and no younger one', async () => {
    const { database, ids } = await listOf(ALERTS)
    await forgetAlerts(database, NOW + 90 * DAY_MS + 2 * SECOND_MS)
    expect(await ids()).toEqual([ALERTS[4]?.id, ALERTS[3]?.id])
  })

  it('goes before a younger one where there are more than one run deletes', async () => {
    const many = Array.from({ length: 502 }, (_, second) => alert(second, 'P001'))
    const { database, ids } = await listOf(many)
    await forgetAlerts(database, NOW + 365 * DAY_MS)
    expect(await ids()).toEqual([many[501]?.id, many[500]?.id])
  })
})
