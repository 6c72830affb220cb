import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/contracts/caller.ts'
import { createEvent, type DomainEvent } from '../../../src/contracts/events.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import {
  announcedFor,
  missingScope,
  rotated,
  validSecrets,
  type Webhook,
  wants,
} from '../../../src/operations/webhook.ts'
import { NOW, OPERATOR, orderConfirmedEvent, orderRejectedEvent } from '../../support/builders.ts'

const webhook = (changes: Partial<Webhook> = {}): Webhook => ({
  webhookId: 'wh_1',
  client: 'shop',
  hearsAll: false,
  url: 'https://shop.example/hook',
  types: ['OrderConfirmed', 'StockDepleted'],
  secrets: [{ secret: 'first' }],
  createdAt: NOW,
  changedAt: NOW,
  ...changes,
})

const of = (client: string): DomainEvent => ({ ...orderConfirmedEvent(), client })
const depleted = createEvent({
  type: 'StockDepleted',
  subject: 'P001',
  occurrence: '1',
  at: NOW,
  revision: 1,
  data: { productId: 'P001', available: 0 },
})

describe('a webhook', () => {
  it("hears of its own client's orders alone", () => {
    expect([wants(webhook(), of('shop')), wants(webhook(), of('other'))]).toEqual([true, false])
    expect(wants(webhook(), orderConfirmedEvent())).toBe(false)
  })

  it("hears of all clients' orders where an operator registered it", () => {
    expect([wants(webhook({ hearsAll: true }), of('other'))]).toEqual([true])
  })

  it('gets stock events, which have no client', () => {
    expect(wants(webhook(), depleted)).toBe(true)
  })

  it('hears only of what it asked for, and of nothing while it is disabled', () => {
    expect(wants(webhook(), { ...orderRejectedEvent(), client: 'shop' })).toBe(false)
    expect(wants(webhook({ disabledReason: 'gone' }), of('shop'))).toBe(false)
  })

  it('may be sent what its key may read', () => {
    const reader: Caller = { client: 'shop', scopes: ['orders:read', 'orders:write'] }
    expect(missingScope(reader, ['OrderConfirmed', 'OrderSettled'])).toBeUndefined()
    expect(missingScope(reader, ['OrderConfirmed', 'StockDepleted'])).toBe('inventory:read')
    expect(missingScope(reader, ['PaymentRefunded'])).toBe('payments:read')
    expect(missingScope(OPERATOR, ['OrderConfirmed', 'StockDepleted', 'PaymentRefunded'])).toBeUndefined()
  })
})

describe('what the order service announces', () => {
  it('is what enabled webhooks want of orders', () => {
    const off = webhook({ types: ['OrderSettled'], disabledReason: 'by_client' })
    expect(announcedFor([webhook(), webhook({ types: ['PaymentRefunded'] }), off])).toEqual([
      'OrderConfirmed',
      'PaymentRefunded',
    ])
    expect(announcedFor([])).toEqual([])
  })
})

describe('a rotated secret', () => {
  it('stays valid for the overlap, and the new one for ever', () => {
    const after = rotated(webhook(), 'second', 10 * SECOND_MS, NOW)
    expect(validSecrets(after, NOW + 9_999)).toEqual(['second', 'first'])
    expect(validSecrets(after, NOW + 10_000)).toEqual(['second'])
  })

  it('ends at once without an overlap', () => {
    expect(validSecrets(rotated(webhook(), 'second', 0, NOW), NOW)).toEqual(['second'])
  })

  it('is one of four at most', () => {
    const names = ['second', 'third', 'fourth', 'fifth', 'sixth']
    const after = names.reduce((each, name) => rotated(each, name, 10 * SECOND_MS, NOW), webhook())
    expect(validSecrets(after, NOW)).toEqual(['sixth', 'fifth', 'fourth', 'third'])
  })
})
