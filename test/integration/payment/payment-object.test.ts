import {
  abortAllDurableObjects,
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createEvent, type DomainEvent } from '../../../src/contracts/events.ts'
import worker from '../../../workers/payment/index.ts'

const bindings = env as PaymentEnv
const LABEL = '0'
const partition = () => bindings.PAYMENTS.getByName(`payments-${LABEL}`)
const branch = () => bindings.SIMULATED_BANK.getByName(`bank-${LABEL}`)
const caller = { client: 'shop', scopes: [] }

let number = 0
const newOrderId = () => {
  number += 1
  return `ord_${LABEL}_${String(number).padStart(26, '0')}`
}

const money = { items: [{ productId: 'P001', quantity: 1 }], totalAmount: 50, currency: 'USD' }

const placed = (orderId: string, token = 'pm_card_visa') =>
  createEvent({
    type: 'OrderPlaced',
    subject: orderId,
    at: 1,
    revision: 1,
    data: { orderId, ...money, client: 'shop', payment: { token } },
  })

const confirmed = (orderId: string) =>
  createEvent({ type: 'OrderConfirmed', subject: orderId, at: 1, revision: 2, data: { orderId, ...money } })

const cancelled = (orderId: string) => {
  const data = { orderId, ...money, reason: { code: 'cancelled_by_client', detail: '' } }
  return createEvent({ type: 'OrderCancelled', subject: orderId, at: 1, revision: 3, data })
}

const deliver = async (bodies: DomainEvent[][]) => {
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: new Date(1),
    attempts: 1,
    body,
  }))
  const batch = createMessageBatch('edge-orders-payment-inbox', messages)
  await worker.queue(batch, bindings)
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
  return { acked: explicitAcks.toSorted(), retried: retryMessages.map((message) => message.msgId) }
}

const done = async (orderId: string) => {
  const { entries } = await branch().books(orderId)
  return entries.filter((entry) => entry.outcome === 'succeeded').map((entry) => entry.operation)
}

const status = async (orderId: string) => (await partition().get(orderId, caller))?.status

describe('the payment inbox', () => {
  it('G4: a payment is authorized and captured once, although events come twice and crashes come between', async () => {
    const orderId = newOrderId()
    await deliver([[placed(orderId), placed(orderId)], [placed(orderId)]])
    await abortAllDurableObjects()
    await deliver([[placed(orderId), confirmed(orderId)], [confirmed(orderId)]])
    await abortAllDurableObjects()
    await deliver([[confirmed(orderId)], [placed(orderId)]])
    expect(await done(orderId)).toEqual(['authorize', 'capture'])
    expect(await status(orderId)).toBe('captured')
  })

  it('moves no money for an order that was cancelled before it came', async () => {
    const orderId = newOrderId()
    await deliver([[cancelled(orderId)], [placed(orderId), confirmed(orderId)]])
    expect(await done(orderId)).toEqual([])
    expect(await status(orderId)).toBe('voided')
  })

  it('gives back what it had already captured', async () => {
    const orderId = newOrderId()
    await deliver([[placed(orderId)]])
    await deliver([[confirmed(orderId)]])
    await deliver([[cancelled(orderId)], [cancelled(orderId)]])
    await deliver([[confirmed(orderId)], [cancelled(orderId)]])
    expect(await done(orderId)).toEqual(['authorize', 'capture', 'refund'])
    expect(await status(orderId)).toBe('refunded')
  })

  it('G4: a step that began before a crash finishes under the same key, and charges once', async () => {
    const orderId = newOrderId()
    const [turn] = await partition().begin([placed(orderId)])
    if (turn?.directive.kind !== 'call') throw new Error('the bank is to be called')
    await branch().perform([turn.directive.call])
    await abortAllDurableObjects()
    expect(await deliver([[placed(orderId)]])).toEqual({ acked: [], retried: ['m0'] })
    await runInDurableObject(partition(), (_, state) => {
      state.storage.sql.exec("UPDATE payments SET document = json_replace(document, '$.step.busyUntil', 1)")
    })
    expect(await deliver([[placed(orderId)]])).toEqual({ acked: ['m0'], retried: [] })
    const { entries } = await branch().books(orderId)
    expect(entries).toHaveLength(1)
    expect(await status(orderId)).toBe('authorized')
  })

  it('parks a confirmation of a payment that never began', async () => {
    expect(await deliver([[confirmed(newOrderId())]])).toEqual({ acked: ['m0'], retried: [] })
  })
})

describe('a payment partition', () => {
  it('redelivers a refund until the order service acknowledges it, and lists it', async () => {
    const orderId = newOrderId()
    await deliver([[placed(orderId)]])
    await deliver([[confirmed(orderId)]])
    const refundId = `rf_${orderId}`
    const asked = { orderId, refundId, caller, amount: 20, reason: undefined, request: undefined }
    expect(await partition().requestRefund(asked)).toMatchObject({ ok: true })
    const data = { orderId, refundId }
    const requested = createEvent({
      ...{ type: 'RefundRequested', subject: orderId, occurrence: refundId, at: 1, revision: 1, data },
    })
    await deliver([[requested], [requested]])
    // The partition published the request too: whichever copy the queue brings first calls the bank.
    await expect.poll(() => done(orderId)).toEqual(['authorize', 'capture', 'refund'])
    await ringUntilRest(2)
    expect(await isDue(orderId)).toBe(true)
    const noted = { ids: [`${orderId}/PaymentRefunded/${refundId}`] }
    await deliver([
      [
        createEvent({
          type: 'FactNoted',
          subject: orderId,
          occurrence: 'x',
          at: 1,
          revision: 1,
          data: noted,
        }),
      ],
    ])
    await ringUntilRest(2)
    expect(await isDue(orderId)).toBe(false)
    const row = await bindings.PAYMENTS_DB.prepare('SELECT view FROM listed_payments WHERE order_id = ?')
      .bind(orderId)
      .first<{ view: string }>()
    expect(JSON.parse(row?.view ?? '')).toEqual(await partition().get(orderId, caller))
  })
})

const ringUntilRest = async (times: number) => {
  for (let ring = 0; ring < times; ring += 1) {
    await runInDurableObject(partition(), (_, state) => {
      state.storage.sql.exec('UPDATE payments SET due_at = 1, sent_at = 1 WHERE due_at IS NOT NULL')
    })
    await runDurableObjectAlarm(partition())
  }
}

const isDue = async (orderId: string): Promise<boolean> => {
  const due = (_: unknown, state: DurableObjectState) =>
    state.storage.sql
      .exec<{ due_at: number | null }>('SELECT due_at FROM payments WHERE order_id = ?', orderId)
      .one().due_at
  return (await runInDurableObject(partition(), due)) !== null
}
