import type { z } from 'zod'
import { listOrders, type orderSchema } from '../../../../../src/contracts/http/orders.ts'
import type { Problem } from '../../../../../src/contracts/http/problem.ts'
import { type Result, success } from '../../../../../src/kernel/result.ts'
import type { Api } from '../api.ts'

type Order = z.infer<typeof orderSchema>

/** The orders with a product that were placed in a time: from the first timestamp, up to the second and without it. */
export type Recall = { productId: string; placedAfter: string; placedBefore: string }

/** What a part of the list has. `cursor` goes on after it. */
export type Affected = {
  /** Pending and confirmed orders, which a cancellation would change. */
  open: Order[]
  cancelled: number
  rejected: number
  cursor: string | undefined
}

/** A page of the console waits for so many pages of the list. */
const PAGES_MAX = 10
const ORDERS_A_PAGE = 100

/** Reads the list from a cursor on, newest first, until so many open orders are found or enough was read. */
export const findAffected = async (
  api: Api,
  recall: Recall,
  { after, openMax }: { after: string | undefined; openMax: number },
): Promise<Result<Affected, Problem>> => {
  const found: Affected = { open: [], cancelled: 0, rejected: 0, cursor: after }
  const limit = Math.min(ORDERS_A_PAGE, openMax)
  for (let pages = 0; pages < PAGES_MAX && found.open.length < openMax; pages += 1) {
    const page = await api.read(listOrders, '/orders', { ...recall, limit, cursor: found.cursor })
    if (!page.ok) return page
    const { items, nextCursor } = page.value
    found.open.push(...items.filter(isOpen))
    found.cancelled += items.filter(({ status }) => status === 'cancelled').length
    found.rejected += items.filter(({ status }) => status === 'rejected').length
    found.cursor = nextCursor
    if (nextCursor === undefined) break
  }
  return success(found)
}

const isOpen = ({ status }: Order): boolean => status === 'pending' || status === 'confirmed'
