import { setTimeout as sleep } from 'node:timers/promises'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { inParallel } from '../support/parallel.ts'
import type { Client } from './client.ts'
import type { Ledger, Order } from './ledger.ts'

const READERS = 4
/** Polling is load too, and need not be frequent: the order itself has the time at which it was settled. */
const BETWEEN_ROUNDS_MS = 1_000

export type SettlingPorts = { client: Client; ledger: Ledger; ids: readonly string[]; withinMs: number }

/** Reads these orders until each is at rest, or the time is over. */
export const untilSettled = async ({ client, ledger, ids, withinMs }: SettlingPorts) => {
  const settled: Order[] = []
  const waiting = new Set(ids)
  const look = async (orderId: string) => {
    const order = await readOrder(client, orderId)
    if (order === undefined || !isAtRest(order, ledger)) return
    waiting.delete(orderId)
    settled.push(order)
  }
  for (const giveUpAt = Date.now() + withinMs; ; await sleep(BETWEEN_ROUNDS_MS)) {
    await inParallel([...waiting], READERS, look)
    if (waiting.size === 0 || Date.now() >= giveUpAt) return { settled, unsettled: [...waiting] }
  }
}

const readOrder = async (client: Client, orderId: string): Promise<Order | undefined> => {
  const response = await client.send({ method: 'GET', path: `/orders/${orderId}` })
  return response?.status === 200 ? orderSchema.parse(response.body) : undefined
}

/** Settled, and showing every accepted refund: a refund changes neither status nor `settledAt`. */
const isAtRest = ({ orderId, settledAt, payment }: Order, ledger: Ledger): boolean => {
  const accepted = ledger.refunds(orderId).reduce((sum, { amount }) => sum + inCents(amount), 0)
  return settledAt !== undefined && inCents(payment.refundedAmount) >= accepted
}

export const inCents = (amount: number): number => Math.round(amount * 100)
