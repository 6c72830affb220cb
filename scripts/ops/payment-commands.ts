import { type components, orThrow } from '../../packages/client/src/index.ts'
import { limitIn, numberIn, onlyOne } from './arguments.ts'
import { type Command, noteOfNone, readAll } from './command.ts'

type Payment = components['schemas']['Payment']

export const PAYMENT_COMMANDS: Record<string, Command> = {
  'payments list': async (api, { limit }) => {
    const response = await readAll((query) => api.GET('/payments', { params: { query } }), limitIn(limit))
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },

  'payments get': async (api, { ids }) => {
    const orderId = onlyOne(ids)
    const response = await orThrow(api.GET('/payments/{orderId}', { params: { path: { orderId } } }))
    const refunds = response.refunds.map(({ refundId, status, amount, currency, requestedAt }) => [
      ...['refund', requestedAt, refundId, status, `${amount} ${currency}`],
    ])
    return { rows: [rowOf(response), ...refunds], response }
  },

  'payments refund': async (api, { ids, amount, reason }) => {
    const params = { path: { orderId: onlyOne(ids) } }
    const body = {
      ...(amount !== undefined && { amount: numberIn(amount, '--amount') }),
      ...(reason !== undefined && { reason }),
    }
    const response = await orThrow(api.POST('/payments/{orderId}/refunds', { params, body }))
    const { refundId, amount: refunded, currency } = response
    const note = 'The bank gives it back soon: `payments get` shows whether it has.'
    return { rows: [[`${refundId}: ${refunded} ${currency} are to be refunded.`]], note, response }
  },
}

const rowOf = ({ orderId, status, currency, stuck, createdAt, ...amounts }: Payment): string[] => [
  ...[orderId, createdAt, status, `${amounts.amount} ${currency}`],
  ...[`captured ${amounts.capturedAmount}`, `refunded ${amounts.refundedAmount}`],
  stuck === undefined ? '' : `stuck: ${stuck.code}`,
]
