import { describe, expect, it } from 'vitest'
import { fromBrief, toBrief } from '../../../src/inventory/brief-reply.ts'
import type { Reservation } from '../../../src/inventory/stock.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'
import { command } from '../../support/stock-world.ts'

const lines = [
  { productId: 'P001', quantity: 2 },
  { productId: 'P002', quantity: 1 },
]
const common = { orderId: ORDER_ID, lines }
const reserve = command('reserve', { P001: 2, P002: 1 })

const RESERVATIONS: Reservation[] = [
  { ...common, state: 'refused', refusedAt: NOW, shortages: [{ ...lines[0], requested: 2, available: 1 }] },
  { ...common, state: 'reserved', reservedAt: NOW },
  { ...common, state: 'committed', reservedAt: NOW, committedAt: NOW + 1 },
  { ...common, state: 'released', releasedAt: NOW },
].map((each) => each as Reservation)

describe('a brief reply', () => {
  it.each(RESERVATIONS)('carries $state over, without the id and the lines', (reservation) => {
    const reply = toBrief(reservation, reserve)
    expect(Object.keys(reply)).not.toContain('lines')
    expect(JSON.stringify(reply)).not.toContain(ORDER_ID)
    expect(fromBrief(reply, reserve)).toEqual(reservation)
  })

  it.each([
    ['none', {}],
    ['fewer', { P001: 2 }],
    ['another quantity', { P001: 2, P002: 2 }],
    ['another product', { P001: 2, P003: 1 }],
  ])('has the lines where the command has %s', (_, quantities) => {
    const release = command('release', quantities)
    for (const reservation of RESERVATIONS) {
      expect(fromBrief(toBrief(reservation, release), release)).toEqual(reservation)
    }
  })

  it('that is whole, from a partition of the version before, is taken as it is', () => {
    const release = command('release', {})
    for (const reservation of RESERVATIONS) expect(fromBrief(reservation, release)).toEqual(reservation)
  })
})
