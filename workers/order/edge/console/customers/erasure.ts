import type { z } from 'zod'
import { eraseCustomer } from '../../../../../src/contracts/http/customers.ts'
import { success } from '../../../../../src/kernel/result.ts'
import type { Answer, Api } from '../api.ts'

type Portion = z.infer<
  (typeof eraseCustomer)['route']['responses'][200]['content']['application/json']['schema']
>

/** Whose customer it is, and the customer as its orders name it. */
export type Customer = { client: string; customerId: string }

/** What the portions of an erasure, or of its dry run, have found so far. `cursor`: where the next click goes on. */
export type Erasure = {
  orders: number
  deadLetters: number
  waiting: number
  /** The first orders that wait, of those that this click came across. */
  named: readonly string[]
  /** The parts of the stored data that were gone through, and how many there are. */
  parts: number
  of: number
  hasArchive: boolean
  cursor?: string
}

export const NOTHING_YET: Erasure = {
  ...{ orders: 0, deadLetters: 0, waiting: 0, named: [], parts: 0, of: 0, hasArchive: false },
}

type Wanted = Customer & { reason?: string; isDryRun: boolean; attempt?: string }

/** Calls of one click, seconds of work. Each reads a thousand orders, or ten texts of the archive. */
const PORTIONS_MAX = 20

/** As many waiting orders as a page names. */
const NAMED_MAX = 20

/** Goes through the next portions of what is stored, and adds them to what was found before. */
export const goThrough = async (
  api: Api,
  { isDryRun, attempt, ...wanted }: Wanted,
  before: Erasure,
): Promise<Answer<Erasure>> => {
  let found = before
  for (let portion = 0; portion < PORTIONS_MAX; portion += 1) {
    const body = { ...wanted, dryRun: isDryRun, ...(found.cursor !== undefined && { cursor: found.cursor }) }
    const key = attempt === undefined ? undefined : `${attempt}.${portion}`
    const erased = await api.post(eraseCustomer, '/customers/erase', body, key)
    if (!erased.ok) return erased
    found = plus(found, erased.value)
    if (found.cursor === undefined) break
  }
  return success(found)
}

const plus = (
  { cursor: _, ...found }: Erasure,
  { orders, deadLetters, waiting, progress, nextCursor }: Portion,
): Erasure => ({
  orders: found.orders + orders.length,
  deadLetters: found.deadLetters + deadLetters,
  waiting: found.waiting + waiting.length,
  named: [...found.named, ...waiting].slice(0, NAMED_MAX),
  ...{ parts: progress.number, of: progress.of },
  hasArchive: found.hasArchive || progress.part.startsWith('archive-'),
  ...(nextCursor !== undefined && { cursor: nextCursor }),
})
