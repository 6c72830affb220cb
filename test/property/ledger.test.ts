import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, type Page, type Position } from '../../src/contracts/paging.ts'
import {
  ledgerRowsOf,
  type Movement,
  movementOfAdjustment,
  movementsOf,
  SHARED_ROW_MS_MAX,
} from '../../src/inventory/movements.ts'
import type { Reservation } from '../../src/inventory/stock.ts'
import { toTimestamp } from '../../src/kernel/instant.ts'
import { findMovements, writeLedger } from '../../workers/inventory/ledger.ts'
import { NOW } from '../support/builders.ts'
import { createInMemoryD1 } from '../support/in-memory-d1.ts'

const PRODUCTS = ['P001', 'P002'] as const

/** The same moment, moments apart, just within and just beyond what shares a row, and far beyond. */
const gap = fc.oneof(
  fc.constantFrom(0, 1, SHARED_ROW_MS_MAX - 1, SHARED_ROW_MS_MAX, SHARED_ROW_MS_MAX + 1),
  fc.nat(SHARED_ROW_MS_MAX),
  fc.nat(10 * SHARED_ROW_MS_MAX),
)

/** Times that many orders have in common. */
const moment = fc.oneof(fc.nat(5), fc.nat(20_000)).map((ms) => NOW + ms)

const history = fc.record({
  reservedAt: moment,
  gaps: fc.tuple(gap, gap),
  end: fc.constantFrom('reserved', 'committed', 'released', 'returned', 'refused'),
  lines: fc.uniqueArray(
    fc.record({ productId: fc.constantFrom(...PRODUCTS), quantity: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, selector: ({ productId }) => productId },
  ),
  /** The states in which the alarm wrote it, and whether it wrote each twice. */
  written: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  /** Whether a Worker of the version before wrote it first, and in which of its states. */
  earlierCode: fc.option(fc.nat(2), { freq: 4 }),
})

type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never

/** The states of a reservation, one after the other. */
const statesOf = ({ reservedAt, gaps: [first, second], end, lines }: History, nth: number): Reservation[] => {
  const common = { orderId: `ord_${nth}`, lines }
  if (end === 'refused') return [{ ...common, state: 'refused', refusedAt: reservedAt, shortages: [] }]
  const reserved: Reservation = { ...common, state: 'reserved', reservedAt }
  if (end === 'reserved') return [reserved]
  const closedAt = reservedAt + first
  if (end === 'released')
    return [reserved, { ...common, state: 'released', reservedAt, releasedAt: closedAt }]
  const committed: Reservation = { ...common, state: 'committed', reservedAt, committedAt: closedAt }
  if (end === 'committed') return [reserved, committed]
  const releasedAt = closedAt + second
  return [
    reserved,
    committed,
    { ...common, state: 'released', reservedAt, committedAt: closedAt, releasedAt },
  ]
}

/** Each of the states that were written, in order, and always the last. */
const writesOf = (each: History, nth: number): Reservation[] => {
  const states = statesOf(each, nth)
  return states.flatMap((state, index) => {
    if (index === states.length - 1) return [state]
    return each.written[index] === true ? [state, state] : []
  })
}

const adjustments = fc.array(
  fc.record({ at: moment, productId: fc.constantFrom(...PRODUCTS), delta: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 5 },
)

const adjustmentOf = (each: { at: number; productId: string; delta: number }, nth: number) =>
  movementOfAdjustment({ ...each, adjustmentId: `adj_${nth}`, reason: 'receipt' })

/** What the version before wrote: one row for each movement. */
const writeAsBefore = (database: D1Database, movements: readonly Movement[]) =>
  database
    .prepare(
      `INSERT OR IGNORE INTO movements (product_id, at, movement_id, kind, quantity, order_id, reason)
        SELECT value ->> 'productId', value ->> 'at', value ->> 'movementId', value ->> 'kind',
          value ->> 'quantity', value ->> 'orderId', value ->> 'reason'
        FROM json_each(?)`,
    )
    .bind(JSON.stringify(movements))
    .run()

const write = async (database: D1Database, each: History, nth: number) => {
  const before = each.earlierCode === null ? undefined : statesOf(each, nth)[each.earlierCode]
  if (before !== undefined) await writeAsBefore(database, movementsOf(before))
  for (const state of writesOf(each, nth)) await writeLedger(database, ledgerRowsOf(state))
}

/** All pages of a product, and what happens between two of them. */
const pagesOf = async (
  database: D1Database,
  productId: string,
  limit: number,
  between = async (): Promise<void> => {},
) => {
  const items: unknown[] = []
  const page: Page = { list: 'x', limit }
  let after: Position | undefined
  do {
    const { items: found, nextCursor } = await findMovements(database, productId, { ...page, after })
    items.push(...found)
    expect(found.length === limit || nextCursor === undefined).toBe(true)
    after = nextCursor === undefined ? undefined : decodeCursor(nextCursor)?.position
    await between()
  } while (after !== undefined)
  return items
}

const isOf =
  (productId: string) =>
  (movement: Movement): boolean =>
    movement.productId === productId

const newestFirst = (left: Movement, right: Movement): number =>
  right.at - left.at || (left.movementId < right.movementId ? 1 : -1)

const viewOf = ({ kind, quantity, orderId, reason, at }: Movement) => ({
  kind,
  quantity,
  ...(orderId !== undefined && { orderId }),
  ...(reason !== undefined && { reason }),
  at: toTimestamp(at),
})

const allOf = (histories: readonly History[]): Movement[] =>
  histories.flatMap((each, nth) => statesOf(each, nth).slice(-1).flatMap(movementsOf))

describe('the pages of the ledger, one after the other', () => {
  it('are all movements, newest first, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { maxLength: 12, size: 'max' }),
        adjustments,
        fc.integer({ min: 1, max: 7 }),
        async (histories, corrections, limit) => {
          const { database } = createInMemoryD1('inventory')
          for (const [nth, each] of histories.entries()) await write(database, each, nth)
          await writeLedger(database, corrections.map(adjustmentOf))
          const all = [...allOf(histories), ...corrections.map(adjustmentOf)]
          for (const productId of PRODUCTS) {
            const wanted = all.filter(isOf(productId)).toSorted(newestFirst).map(viewOf)
            expect(await pagesOf(database, productId, limit)).toEqual(wanted)
          }
        },
      ),
    )
  })

  it('show once what was in the ledger before the first page, whatever is written meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { maxLength: 8, size: 'max' }),
        fc.array(history, { maxLength: 8, size: 'max' }),
        fc.integer({ min: 1, max: 3 }),
        async (early, late, limit) => {
          const { database } = createInMemoryD1('inventory')
          for (const [nth, each] of early.entries()) await write(database, each, nth)
          const coming = [...late.entries()]
          const shown = await pagesOf(database, 'P001', limit, async () => {
            const [next] = coming.splice(0, 1)
            if (next !== undefined) await write(database, next[1], early.length + next[0])
          })
          const wanted = allOf(early).filter(isOf('P001')).toSorted(newestFirst).map(viewOf)
          const isEarly = ({ orderId }: { orderId?: string }): boolean =>
            Number(orderId?.slice('ord_'.length)) < early.length
          expect(shown.filter((item) => isEarly(item as { orderId?: string }))).toEqual(wanted)
        },
      ),
    )
  })
})

it('a reservation that is decided at once takes one row for each product', () => {
  const [reservation] = statesOf(
    {
      reservedAt: NOW,
      gaps: [80, 0],
      end: 'committed',
      lines: PRODUCTS.map((productId) => ({ productId, quantity: 1 })),
      written: [false, false, false],
      earlierCode: null,
    },
    1,
  ).slice(-1)
  expect(reservation === undefined ? [] : ledgerRowsOf(reservation)).toEqual([
    expect.objectContaining({ productId: 'P001', kind: 'commit', reservedAt: NOW }),
    expect.objectContaining({ productId: 'P002', kind: 'commit', reservedAt: NOW }),
  ])
})
