import { describe, expect, it } from 'vitest'
import { success } from '../../../src/kernel/result.ts'
import type { Api } from '../../../workers/order/edge/console/api.ts'
import { ERASURE_ACTIONS } from '../../../workers/order/edge/console/customers/erasure-actions.tsx'

const CUSTOMER = { client: 'shop', customerId: 'cust_1' }

type Body = { dryRun: boolean; cursor?: string; reason?: string }

/** A system whose stored data have so many parts, each with one order of the customer. The last but one is the archive. */
const systemWith = (parts: number) => {
  const asked: (Body & { attempt: string | undefined })[] = []
  const post = async (_call: unknown, _path: string, body: Body, attempt?: string) => {
    asked.push({ ...body, attempt })
    const number = Number(body.cursor ?? 0) + 1
    return success({
      ...{ dryRun: body.dryRun, orders: [`o${number}`], deadLetters: 0 },
      waiting: number === 1 ? ['late'] : [],
      progress: { part: number === parts - 1 ? 'archive-0' : `orders-${number}`, number, of: parts },
      ...(number < parts && { nextCursor: String(number) }),
    })
  }
  const click = async (action: 'find' | 'erase', fields: Record<string, string>) => {
    const form = new URLSearchParams({ ...CUSTOMER, attempt: 'a', ...fields })
    const done = await ERASURE_ACTIONS[`/console/customers/${action}`]?.({ post } as unknown as Api, {}, form)
    if (done?.ok !== true || typeof done.value === 'string') throw new Error('It has no page')
    return { status: done.value.status, text: String(done.value.body) }
  }
  return { asked, click }
}

/** The fields that the form of a page sends without asking. */
const hiddenIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  )

describe('the erasure of a customer in the console', () => {
  it('looks first: nothing is erased, and the archive counts too', async () => {
    const { asked, click } = systemWith(4)
    const { text } = await click('find', {})
    expect(text).toContain('What 4 orders and 0 dead letters say of cust_1, a')
    expect(text).toContain('The archive was gone through too.')
    expect(text).toContain('1 order waits')
    expect(asked.every(({ dryRun, attempt }) => dryRun && attempt === undefined)).toBe(true)
  })

  it('erases nothing until the id is typed again', async () => {
    const { asked, click } = systemWith(2)
    for (const confirmed of ['', 'cust_2'])
      expect((await click('erase', { confirmed, reason: 'a wish' })).status).toBe(422)
    expect(asked).toEqual([])
  })

  it('erases portion by portion, each under a key of its own, with the reason', async () => {
    const { asked, click } = systemWith(3)
    const { text } = await click('erase', { confirmed: 'cust_1', reason: 'a wish' })
    expect(text).toContain('What 3 orders and 0 dead letters said of the customer is erased.')
    expect(asked.map(({ attempt }) => attempt)).toEqual(['a.0', 'a.1', 'a.2'])
    expect(asked.every(({ dryRun, reason }) => !dryRun && reason === 'a wish')).toBe(true)
  })

  it('goes on with the next click where a click was not enough, and adds up', async () => {
    const { asked, click } = systemWith(30)
    const first = await click('erase', { confirmed: 'cust_1', reason: 'a wish' })
    expect(first.text).toContain('It is not done yet: go on.')
    expect(first.text).toContain('20 of 30 parts')
    const last = await click('erase', { ...hiddenIn(first.text), reason: 'a wish' })
    expect(last.text).toContain('What 30 orders and 0 dead letters said of the customer is erased.')
    expect(last.text).toContain('1 order waits')
    expect(asked.length).toBe(30)
  })
})
