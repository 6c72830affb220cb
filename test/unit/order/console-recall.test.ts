import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../src/contracts/http/problem.ts'
import { refusal, success } from '../../../src/kernel/result.ts'
import type { Api } from '../../../workers/order/edge/console/api.ts'
import {
  CANCELLED_A_CLICK,
  cancelRecalled,
} from '../../../workers/order/edge/console/recall/recall-action.ts'

type Listed = { orderId: string; client: string; status: string }

const orders = (count: number, status = 'confirmed', client = 'web'): Listed[] =>
  Array.from({ length: count }, (_, nth) => ({ orderId: `${status}-${nth}`, client, status }))

const problem = (code: string, status: number) => ({ code, status }) as unknown as Problem

/** An API with these pages of orders. It refuses the orders that are named. */
const shopWith = (pages: Listed[][], refused: Readonly<Record<string, Problem>> = {}) => {
  const cancelled: string[] = []
  const api = {
    read: async (_call: unknown, _path: string, { cursor = '0' }: { cursor?: string }) => {
      const next = Number(cursor) + 1
      return success({
        items: pages[Number(cursor)] ?? [],
        ...(next < pages.length && { nextCursor: String(next) }),
      })
    },
    send: async (path: string) => {
      const reason = refused[/orders\/([^/]+)/.exec(path)?.[1] ?? '']
      if (reason !== undefined) return refusal(reason)
      cancelled.push(path)
      return success(null)
    },
  } as unknown as Api
  const click = (more: Record<string, string> = {}) =>
    cancelRecalled(
      api,
      {},
      new URLSearchParams({
        ...{ productId: 'P001', placedAfter: 'a', placedBefore: 'b', reason: 'a recall', attempt: 'x' },
        ...more,
      }),
    )
  return { cancelled, click }
}

const next = (done: Awaited<ReturnType<ReturnType<typeof shopWith>['click']>>) =>
  done.ok ? Object.fromEntries(new URL(String(done.value), 'http://console').searchParams) : done.reason

describe('a click on the recall of a product', () => {
  it('cancels what is open, for the client whose order it is, and leaves the rest', async () => {
    const { cancelled, click } = shopWith([
      [...orders(2), ...orders(1, 'cancelled'), ...orders(1, 'rejected')],
    ])
    expect(next(await click())).toMatchObject({ done: 'cancelled', count: '2', failed: '0' })
    expect(cancelled).toEqual([
      '/orders/confirmed-0/cancel?client=web',
      '/orders/confirmed-1/cancel?client=web',
    ])
  })

  it('goes on after what it has cancelled, not from the start', async () => {
    const { cancelled, click } = shopWith([orders(CANCELLED_A_CLICK), orders(3, 'pending')])
    const done = next(await click())
    expect(done).toMatchObject({ count: String(CANCELLED_A_CLICK), cursor: '1' })
    expect(next(await click({ cursor: '1' }))).not.toHaveProperty('cursor')
    expect(cancelled.length).toBe(CANCELLED_A_CLICK + 3)
  })

  it('counts an order that cannot be cancelled just now, and none that was rejected meanwhile', async () => {
    const { click } = shopWith([orders(3)], {
      'confirmed-0': problem('order_not_cancellable', 409),
      'confirmed-1': problem('unavailable', 503),
    })
    expect(next(await click())).toMatchObject({ count: '1', failed: '1' })
  })

  it('shows the problem where the key may not cancel', async () => {
    const { click } = shopWith([orders(1)], { 'confirmed-0': problem('missing_scope', 403) })
    expect(next(await click())).toMatchObject({ status: 403 })
  })
})
