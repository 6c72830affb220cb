import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkOrder } from '../crash/check-order.ts'
import type { Evidence } from '../crash/evidence.ts'
import type { Order } from '../crash/ledger.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** CI kills at other moments every day. */
const SEED = process.env['CRASH_SEED'] ?? '1'

/** In a process of its own, which takes the system down with it whatever becomes of us. */
const crash = (kills: number): Promise<{ code: number | null; output: string }> =>
  new Promise((done, failed) => {
    const args = ['test/crash/run.ts', '--kills', String(kills), '--seed', SEED]
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', failed)
    child.once('close', (code) => done({ code, output }))
  })

it('G1: no order is lost, charged twice or oversold when the whole system is killed ten times', async () => {
  const { code, output } = await crash(10)
  expect(code, output).toBe(0)
  expect(output.trim().split('\n').at(-1)).toMatch(
    /^10 kills, \d+ orders, 0 lost, 0 double captures, 0 oversold units$/,
  )
})

describe('the check of one order', () => {
  const at = '2026-11-23T12:00:00.000Z'
  const accepted: Order = {
    orderId: 'ord_1',
    status: 'pending',
    version: 1,
    currency: 'USD',
    totalAmount: 20,
    items: [{ productId: 'P', quantity: 2, unitPrice: 10, amount: 20 }],
    inventory: { status: 'pending' },
    payment: { status: 'pending', capturedAmount: 0, refundedAmount: 0 },
    placedAt: at,
  }
  const confirmed: Order = {
    ...accepted,
    status: 'confirmed',
    inventory: { status: 'committed' },
    payment: { status: 'captured', capturedAmount: 20, refundedAmount: 0 },
    settledAt: at,
  }
  const done = (type: 'authorize' | 'capture') => ({
    ...{ type, amount: 20, idempotencyKey: type, outcome: 'succeeded' as const, at },
  })
  const bank = {
    operations: [done('authorize'), done('capture')],
    ...{ authorizedAmount: 0, capturedAmount: 20, refundedAmount: 0 },
  }
  const sound: Evidence = {
    accepted,
    request: { items: [{ productId: 'P', quantity: 2 }] },
    ...{ token: 'pm_card_visa', cancellations: [], refunds: [], order: confirmed, bank },
    events: [{ id: '1', type: 'OrderPlaced', time: at }],
    payment: {
      ...{ orderId: 'ord_1', status: 'captured', currency: 'USD', amount: 20, capturedAmount: 20 },
      ...{ refundedAmount: 0, attempts: 2, refunds: [], createdAt: at, updatedAt: at },
    },
  }
  const kindsOf = (changes: Partial<Evidence>) =>
    checkOrder({ ...sound, ...changes }, () => false).map(({ kind }) => kind)

  it('finds nothing wrong with a sound one', () => {
    expect(kindsOf({})).toEqual([])
  })

  const { settledAt: _never, ...unsettled } = confirmed
  it.each<[string, string, Partial<Evidence>]>([
    ['lost order', 'is gone', { order: undefined }],
    ['lost order', 'has another content', { order: { ...confirmed, totalAmount: 21 } }],
    ['not settled', 'is never settled', { order: unsettled }],
    [
      'wrong decision',
      'is rejected for no stock that was there',
      { order: { ...confirmed, status: 'rejected' } },
    ],
    ['wrong decision', 'is confirmed against a declined card', { token: 'pm_card_chargeDeclined' }],
    ['wrong decision', 'is confirmed after its cancellation was accepted', { cancellations: [202] }],
    ['wrong decision', 'still holds stock', { order: { ...confirmed, inventory: { status: 'reserved' } } }],
    [
      'wrong history',
      'was placed twice',
      { events: [...sound.events, { ...done('capture'), id: '2', type: 'OrderPlaced', time: at }] },
    ],
    [
      'double authorization',
      'was authorized twice',
      { bank: { ...bank, operations: [...bank.operations, done('authorize')] } },
    ],
    [
      'double capture',
      'was captured twice',
      { bank: { ...bank, operations: [...bank.operations, done('capture')] } },
    ],
    ['wrong money', 'was captured in part', { bank: { ...bank, capturedAmount: 10 } }],
    ['wrong money', 'has money held', { bank: { ...bank, authorizedAmount: 20 } }],
    ['wrong money', 'lost a refund', { refunds: [{ refundId: 'rf_1', amount: 5 }] }],
    ['wrong money', 'was refunded unasked', { bank: { ...bank, refundedAmount: 5 } }],
  ])('finds %s where it %s', (kind, _why, changes) => {
    expect(kindsOf(changes)).toContain(kind)
  })
})
