import type { BankStatement } from '../../../src/payment/reconciliation.ts'
import type { SimulatedBank } from './simulated-bank.ts'

const PAGE = 100

type Ports = {
  labels: readonly string[]
  ordersAfter(
    label: string,
    orderId: string,
    limit: number,
  ): Promise<ReturnType<SimulatedBank['ordersAfter']>>
}

/** The list of the simulated bank: branch by branch, in the order of the orders' ids. */
export const createSimulatorStatement =
  ({ labels, ordersAfter }: Ports): BankStatement =>
  async ({ from, to }, after = '0/') => {
    const [index = '0', orderId = ''] = after.split('/')
    const label = labels[Number(index)]
    if (label === undefined) return { kind: 'found', payments: [] }
    try {
      const orders = await ordersAfter(label, orderId, PAGE)
      const last = orders.length === PAGE ? orders.at(-1) : undefined
      const next = last === undefined ? `${Number(index) + 1}/` : `${index}/${last.orderId}`
      const payments = orders
        .filter(({ at }) => at >= from && at < to)
        .map(({ orderId: id, at, books }) => ({
          ...{
            reference: books.entries[0]?.reference ?? '',
            orderId: id,
            currency: books.currency ?? '',
            at,
          },
          balance: {
            heldMinor: books.heldMinor,
            capturedMinor: books.capturedMinor,
            refundedMinor: books.refundedMinor,
          },
        }))
      const isEnd = last === undefined && Number(index) + 1 >= labels.length
      return { kind: 'found', payments, ...(!isEnd && { next }) }
    } catch (error) {
      return { kind: 'unknown', detail: String(error) }
    }
  }
