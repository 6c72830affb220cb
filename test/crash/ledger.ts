import type { z } from 'zod'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { refundViewSchema } from '../../src/contracts/http/payments.ts'
import type { Answer, Request } from './client.ts'

export type Order = z.infer<typeof orderSchema>

/** What a client wants to happen once, however often it has to ask. */
export type Intent = {
  kind: 'place' | 'cancel' | 'refund' | 'adjust' | 'product'
  /** The order or the product that it is about; for a new order its reference. */
  subject: string
  request: Request
  token?: string
  delta?: number
}

export type Entry = {
  intent: Intent
  attempts: number
  isUnderWay: boolean
  answeredAt?: number
  answer?: Answer
}

export type Placed = { entry: Entry; order: Order }
export type AcceptedRefund = { refundId: string; amount: number }

/** The client's own memory of what it intended, sent and was answered. The system under test never sees it. */
export const createLedger = () => {
  const entries: Entry[] = []
  const placed: Placed[] = []
  const byOrder = new Map<string, Entry[]>()

  const answeredAbout = (kind: Intent['kind'], subject: string) =>
    (byOrder.get(subject) ?? []).filter(({ intent, answer }) => intent.kind === kind && answer !== undefined)

  return {
    entries: entries as readonly Entry[],
    /** Orders that were answered with 202, as they were answered. */
    placed: placed as readonly Placed[],

    intend: (intent: Intent): Entry => {
      const entry = { intent, attempts: 0, isUnderWay: false }
      entries.push(entry)
      byOrder.set(intent.subject, [...(byOrder.get(intent.subject) ?? []), entry])
      return entry
    },

    answered: (entry: Entry, answer: Answer): void => {
      entry.answer = answer
      entry.answeredAt = Date.now()
      if (entry.intent.kind === 'place' && answer.status === 202) {
        placed.push({ entry, order: orderSchema.parse(answer.body) })
      }
    },

    unanswered: (): Entry[] => entries.filter((entry) => entry.answer === undefined),

    isOpen: (kind: Intent['kind'], subject: string): boolean =>
      (byOrder.get(subject) ?? []).some(({ intent, answer }) => intent.kind === kind && answer === undefined),

    /** Answered cancellations of the order, by status. */
    cancellations: (orderId: string): number[] =>
      answeredAbout('cancel', orderId).map(({ answer }) => answer?.status ?? 0),

    refunds: (orderId: string): AcceptedRefund[] =>
      answeredAbout('refund', orderId)
        .filter(({ answer }) => answer?.status === 202)
        .map(({ answer }) => refundViewSchema.parse(answer?.body)),

    /** Units that came in, less those that adjustments took out. */
    receivedUnits: (productId: string): number =>
      answeredAbout('adjust', productId)
        .filter(({ answer }) => answer?.status === 200)
        .reduce((sum, { intent }) => sum + (intent.delta ?? 0), 0),

    /** What the product was last set to. */
    lastProduct: (productId: string): unknown =>
      answeredAbout('product', productId).at(-1)?.intent.request.body,
  }
}

export type Ledger = ReturnType<typeof createLedger>
