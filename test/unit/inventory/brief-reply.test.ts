import { describe, expect, it } from 'vitest'
import { fromBriefReplies, toBriefReplies } from '../../../src/inventory/brief-reply.ts'
import { HAS_LEFT } from '../../../src/inventory/partition/departed-reservations.ts'
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
    const replies = toBriefReplies([reservation], [reserve])
    expect(JSON.stringify(replies)).not.toMatch(new RegExp(`lines|${ORDER_ID}`))
    expect(fromBriefReplies(replies, [reserve])).toEqual([reservation])
  })

  it.each([
    ['none', {}],
    ['fewer', { P001: 2 }],
    ['another quantity', { P001: 2, P002: 2 }],
    ['another product', { P001: 2, P003: 1 }],
  ])('has the lines where the command has %s', (_, quantities) => {
    const release = command('release', quantities)
    const releases = RESERVATIONS.map(() => release)
    expect(fromBriefReplies(toBriefReplies(RESERVATIONS, releases), releases)).toEqual(RESERVATIONS)
  })

  it('leaves a reply without a reservation as it is, beside others', () => {
    const replies = [null, RESERVATIONS[1], HAS_LEFT, undefined] as const
    const commands = replies.map(() => reserve)
    const brief = toBriefReplies(replies, commands)
    expect(brief.with(1, null)).toEqual([null, null, HAS_LEFT, undefined])
    expect(fromBriefReplies(brief, commands)).toEqual(replies)
  })

  it('that is whole, from a partition of the version before, is taken as it is', () => {
    const release = command('release', {})
    const releases = RESERVATIONS.map(() => release)
    expect(fromBriefReplies(RESERVATIONS, releases)).toEqual(RESERVATIONS)
  })
})
