import { describe, expect, it } from 'vitest'
import { HOUR_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { success } from '../../../src/kernel/result.ts'
import type { Api } from '../../../workers/order/edge/console/api.ts'
import { Reconciliation, reconcile } from '../../../workers/order/edge/console/pages/reconciliation.tsx'
import { NOW } from '../../support/builders.ts'

const difference = {
  ...{ kind: 'amounts_differ', orderId: 'ord_0_1', reference: 'pi_1', currency: 'USD' },
  here: { heldAmount: 0, capturedAmount: 5, refundedAmount: 0 },
  bank: { heldAmount: 0, capturedAmount: 7, refundedAmount: 0 },
} as const

/** So many pages of ten payments; the second one has a difference. */
const bankWith = (pages: number) => {
  const asked: object[] = []
  const read = async (_call: unknown, _path: string, query: { cursor?: string }) => {
    asked.push(query)
    const next = Number(query.cursor ?? 0) + 1
    return success({
      ...{ differences: next === 2 ? [difference] : [], checked: 10, departed: 1, unread: 0 },
      ...(next < pages && { nextCursor: String(next) }),
    })
  }
  return { asked, api: { read } as unknown as Api }
}

describe('the reconciliation of the console', () => {
  it('adds up the pages of the last day', async () => {
    const { api, asked } = bankWith(3)
    const time = { from: toTimestamp(NOW - 24 * HOUR_MS), to: toTimestamp(NOW) }
    expect(await reconcile(api, {}, NOW)).toEqual(
      success({ ...time, differences: [difference], checked: 30, departed: 3, unread: 0 }),
    )
    expect(asked).toEqual([undefined, '1', '2'].map((cursor) => ({ ...time, cursor })))
  })

  it('stops after five pages, and says where to go on', async () => {
    const { api } = bankWith(9)
    expect(await reconcile(api, { hours: '1' }, NOW)).toMatchObject({
      value: { checked: 50, nextCursor: '5' },
    })
    expect(await reconcile(api, { hours: '1', cursor: '5' }, NOW)).toMatchObject({ value: { checked: 40 } })
  })

  it('shows what differs, here and at the bank, with the order', async () => {
    const { api } = bankWith(2)
    const found = await reconcile(api, {}, NOW)
    const shown = String(Reconciliation({ asked: {}, found }))
    expect(shown).toContain('1 payment differs.')
    expect(shown).toContain('20 payments compared')
    expect(shown).toContain('2 payments of the bank not compared, because of orders in the archive.')
    expect(shown).toContain('href="/console/orders/ord_0_1"')
    expect([...shown.matchAll(/USD\s([57]\.00)/g)].map(([, amount]) => amount)).toEqual(['5.00', '7.00'])
  })
})
