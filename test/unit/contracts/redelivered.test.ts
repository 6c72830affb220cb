import { expect, it } from 'vitest'
import { isRedelivered } from '../../../src/contracts/redelivered.ts'
import { orderConfirmedEvent, orderPlacedEvent, paymentCaptured } from '../../support/builders.ts'

it.each([orderPlacedEvent(), orderConfirmedEvent(), paymentCaptured()])(
  'its publisher sends $type again until its effect is known',
  (event) => {
    expect(isRedelivered(event)).toBe(true)
  },
)

it('an external order on a queue comes once', () => {
  const { client: _client, ...data } = orderPlacedEvent().data
  expect(isRedelivered({ ...orderPlacedEvent(), data })).toBe(false)
})
