import { describe, expect, it } from 'vitest'
import type { World } from './world.ts'

/** One order for one key: test/e2e/idempotency. No client can hoard stock: an undecided order releases it at its deadline. */
export const unrestrictedAccessToSensitiveBusinessFlows = (world: () => World) =>
  describe('API6: unrestricted access to sensitive business flows', () => {
    it('twenty refunds at once give back no more than was captured', async () => {
      const { owner } = world()
      const orderId = await owner.place([{ productId: 'P001', quantity: 2 }])
      await owner.settled(orderId)
      const refunds = await Promise.all(
        Array.from({ length: 20 }, () => owner.post(`/payments/${orderId}/refunds`, { amount: 30 })),
      )
      expect(refunds.filter(({ status }) => status === 202)).toHaveLength(3)
      expect(refunds.filter(({ body }) => body.code === 'refund_exceeds_captured')).toHaveLength(17)
      await expect.poll(async () => (await owner.bank(orderId)).refunded, { timeout: 20_000 }).toBe(90)
    })

    it('an event from outside sets no price either', async () => {
      const { owner } = world()
      const items = [{ productId: 'P001', quantity: 1, unitPrice: 0.01, amount: 0.01 }]
      const data = { orderId: 'cheap', items, totalAmount: 0.01, currency: 'USD' }
      const event = {
        specversion: '1.0',
        type: 'OrderPlaced',
        id: 'cheap',
        source: '/x',
        schemaversion: 2,
        data,
      }
      expect(await owner.problem(owner.post('/events', event))).toMatchObject({
        status: 422,
        code: 'price_mismatch',
      })
    })

    it('a product costs what it cost when the order was placed, and never nothing', async () => {
      const { operator } = world()
      const body = { name: 'Free', unitPrice: 0, currency: 'USD' }
      const refused = operator.problem(operator.call('/products/FREE', { method: 'PUT', body }))
      expect(await refused).toMatchObject({ status: 422, paths: ['/unitPrice'] })
    })
  })
