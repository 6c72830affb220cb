import type { z } from 'zod'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { refundViewSchema } from '../../src/contracts/http/payments.ts'
import type { ClientResponse, Request } from './client.ts'

export type Order = z.infer<typeof orderSchema>

/** An effect that a client wants once, however often it has to send the request. */
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
  respondedAt?: number
  response?: ClientResponse
}

export type Placed = { entry: Entry; order: Order }
export type AcceptedRefund = { refundId: string; amount: number }

/** The client's own record of its intents, requests and responses. The system under test never sees it. */
export const createLedger = () => {
  const entries: Entry[] = []
  const placed: Placed[] = []
  const byOrder = new Map<string, Entry[]>()

  const respondedAbout = (kind: Intent['kind'], subject: string) =>
    (byOrder.get(subject) ?? []).filter(
      ({ intent, response }) => intent.kind === kind && response !== undefined,
    )

  return {
    entries: entries as readonly Entry[],
    /** Orders that were accepted with 202, as the response showed them. */
    placed: placed as readonly Placed[],

    intend: (intent: Intent): Entry => {
      const entry = { intent, attempts: 0, isUnderWay: false }
      entries.push(entry)
      byOrder.set(intent.subject, [...(byOrder.get(intent.subject) ?? []), entry])
      return entry
    },

    recordResponse: (entry: Entry, response: ClientResponse): void => {
      entry.response = response
      entry.respondedAt = Date.now()
      if (entry.intent.kind === 'place' && response.status === 202) {
        placed.push({ entry, order: orderSchema.parse(response.body) })
      }
    },

    outstanding: (): Entry[] => entries.filter((entry) => entry.response === undefined),

    isOpen: (kind: Intent['kind'], subject: string): boolean =>
      (byOrder.get(subject) ?? []).some(
        ({ intent, response }) => intent.kind === kind && response === undefined,
      ),

    /** The statuses of the responses to cancellations of the order. */
    cancellations: (orderId: string): number[] =>
      respondedAbout('cancel', orderId).map(({ response }) => response?.status ?? 0),

    refunds: (orderId: string): AcceptedRefund[] =>
      respondedAbout('refund', orderId)
        .filter(({ response }) => response?.status === 202)
        .map(({ response }) => refundViewSchema.parse(response?.body)),

    /** Units that came in, minus those that adjustments took out. */
    receivedUnits: (productId: string): number =>
      respondedAbout('adjust', productId)
        .filter(({ response }) => response?.status === 200)
        .reduce((sum, { intent }) => sum + (intent.delta ?? 0), 0),

    /** The body that the product was last set to. */
    lastProduct: (productId: string): unknown =>
      respondedAbout('product', productId).at(-1)?.intent.request.body,
  }
}

export type Ledger = ReturnType<typeof createLedger>
