import { expect, it } from 'vitest'
import { commandFor } from '../../../src/inventory/policy.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
} from '../../support/builders.ts'

const lines = [
  { productId: 'P001', quantity: 2 },
  { productId: 'P002', quantity: 1 },
]

it.each([
  [orderPlacedEvent(), 'reserve'],
  [orderConfirmedEvent(), 'commit'],
  [orderRejectedEvent(), 'release'],
  [orderCancelledEvent(), 'release'],
])('$type means to $1', (event, kind) => {
  expect(commandFor(event)).toEqual({ kind, orderId: ORDER_ID, lines, at: NOW })
})

it('takes the same product on two lines for one need', () => {
  const items = [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
    { productId: 'P001', quantity: 3 },
  ]
  expect(commandFor(orderPlacedEvent({ data: { items } })).lines).toEqual([
    { productId: 'P001', quantity: 5 },
    { productId: 'P002', quantity: 1 },
  ])
})

it('asks for no lines where the lines are unknown', () => {
  expect(commandFor(orderRejectedEvent({ data: { items: [] } })).lines).toEqual([])
})
