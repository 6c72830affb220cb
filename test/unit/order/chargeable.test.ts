import { expect, it } from 'vitest'
import { success } from '../../../src/kernel/result.ts'
import { chargeable } from '../../../src/order/chargeable.ts'

const priced = (totalMinor: number, currency = 'USD') => success({ totalMinor, currency, lines: [] })

it('takes every priced order where the bank is simulated', () => {
  const order = priced(1, 'IRR')
  expect(chargeable('simulator', order, undefined)).toBe(order)
})

it('demands a payment where the bank charges real cards', () => {
  expect(chargeable('stripe', priced(5_000), undefined)).toMatchObject({
    reason: { code: 'payment_required' },
  })
})

it('refuses an amount that the bank cannot charge', () => {
  expect(chargeable('stripe', priced(1), 'pm_1')).toMatchObject({ reason: { code: 'amount_not_chargeable' } })
  expect(chargeable('stripe', priced(5_000), 'pm_1')).toEqual(priced(5_000))
})

it('says first that an order cannot be priced', () => {
  const refused = { ok: false, reason: { code: 'price_mismatch', detail: '' } } as const
  expect(chargeable('stripe', refused, undefined)).toBe(refused)
})
