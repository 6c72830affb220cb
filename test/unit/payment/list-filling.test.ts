import { expect, it } from 'vitest'
import { createListFilling } from '../../../src/messaging/list-filling.ts'
import { listedPayments } from '../../../src/payment/partition/listed-payments.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import { orderPlacedEvent, orderRejectedEvent } from '../../support/builders.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'

/** More than one portion. */
const PAYMENTS = 130

const orderId = (number: number) => `ord_0_${String(number).padStart(26, '0')}`

it('a list of payments that was lost is filled again with every payment as it is by now', async () => {
  const world = createPaymentWorld()
  const { memory } = world
  for (let number = 1; number <= PAYMENTS; number += 1) {
    await world.respond(orderPlacedEvent({ data: { orderId: orderId(number) } }))
  }
  const listed: Payment[] = []
  const source = listedPayments(async (payments) => void listed.push(...payments))
  const filling = createListFilling({ host: memory.host, partition: 'payments-0', source })
  const alarm = async () => void (await Promise.all([world.wake(), filling.wake()]))
  filling.restart()
  await memory.ring(alarm)
  await world.respond(orderRejectedEvent({ data: { orderId: orderId(1) } }))
  await memory.ringUntil(memory.now() + 10_000, alarm)
  const all = Array.from({ length: PAYMENTS }, (_, index) => orderId(index + 1))
  expect(listed.map((payment) => payment.orderId)).toEqual(all)
  const newest = new Map(
    [...listed, ...world.listed]
      .toSorted((left, right) => left.revision - right.revision)
      .map((payment) => [payment.orderId, payment.status]),
  )
  expect(newest.size).toBe(PAYMENTS)
  expect(newest.get(orderId(1))).toBe('voided')
  expect(memory.logged).toContain('the list of payments is filled')
})
