import { expect, it } from 'vitest'
import { isOwed } from '../../../src/contracts/owed.ts'
import { orderConfirmedEvent, orderPlacedEvent, paymentCaptured } from '../../support/builders.ts'

it.each([orderPlacedEvent(), orderConfirmedEvent(), paymentCaptured()])(
  'somebody sends $type again until it has taken effect',
  (event) => {
    expect(isOwed(event)).toBe(true)
  },
)

it('nobody sends an order again that came from elsewhere', () => {
  const { client: _client, ...data } = orderPlacedEvent().data
  expect(isOwed({ ...orderPlacedEvent(), data })).toBe(false)
})
