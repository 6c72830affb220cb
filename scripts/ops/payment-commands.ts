import { type components, orThrow } from '../../packages/client/src/index.ts'
import { PAYMENT_STATUSES } from '../../src/contracts/http/payments.ts'
import { type Arguments, limitIn, numberIn, oneOf, onlyOne } from './arguments.ts'
import { type Command, noteOfNone, readAll } from './command.ts'

type Payment = components['schemas']['Payment']
type Difference = components['schemas']['Difference']
type Reconciliation = components['schemas']['Reconciliation']

const DAY_MS = 24 * 3_600_000

const timestampBefore = (ms: number): string => new Date(Date.now() - ms).toISOString()

export const PAYMENT_COMMANDS: Record<string, Command> = {
  'payments list': async (api, given) => {
    const filter = filterOf(given)
    const response = await readAll(
      (page) => api.GET('/payments', { params: { query: { ...filter, ...page } } }),
      limitIn(given.limit),
    )
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

  'payments reconcile': async (api, { since, until }) => {
    const query = { from: since ?? timestampBefore(DAY_MS), to: until ?? timestampBefore(0) }
    const differences: Difference[] = []
    const sum = { checked: 0, departed: 0, unread: 0 }
    let cursor: string | undefined
    do {
      const page: Reconciliation = await orThrow(
        api.GET('/reconciliation', {
          params: { query: { ...query, ...(cursor !== undefined && { cursor }) } },
        }),
      )
      differences.push(...page.differences)
      sum.checked += page.checked
      sum.departed += page.departed
      sum.unread += page.unread
      cursor = page.nextCursor
    } while (cursor !== undefined)
    const rows = differences.map(differenceRow)
    const found =
      rows.length === 0 ? 'The bank and the payments agree' : `${rows.length} differ, and nothing was changed`
    const inArchive =
      sum.departed === 0 ? '' : ` ${sum.departed} not compared, because their orders are in the archive,`
    const note = `${found}: ${sum.checked} compared,${inArchive} ${sum.unread} of which the bank did not tell, from ${query.from} to ${query.to}.`
    const response = { ...query, ...sum, differences }
    return { rows, note, response, isIncomplete: rows.length > 0 || sum.unread > 0 }
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

const filterOf = ({ status, stuck, after, before }: Arguments) => ({
  ...(status !== undefined && { status: oneOf(PAYMENT_STATUSES, status, '--status') }),
  ...(stuck && { stuck: 'true' as const }),
  ...(after !== undefined && { createdAfter: after }),
  ...(before !== undefined && { createdBefore: before }),
})

const rowOf = ({ orderId, status, currency, stuck, createdAt, ...amounts }: Payment): string[] => [
  ...[orderId, createdAt, status, `${amounts.amount} ${currency}`],
  ...[`captured ${amounts.capturedAmount}`, `refunded ${amounts.refundedAmount}`],
  stuck === undefined ? '' : `stuck: ${stuck.code}`,
]

const differenceRow = ({
  kind,
  orderId = '',
  reference = '',
  currency,
  here,
  bank,
}: Difference): string[] => [
  ...[kind, orderId, reference],
  ...[`here ${amountsOf(here)}`, `at the bank ${amountsOf(bank)} ${currency}`],
]

const amountsOf = (balance: Difference['here']): string =>
  balance === undefined
    ? 'nothing'
    : `held ${balance.heldAmount}, captured ${balance.capturedAmount}, refunded ${balance.refundedAmount}`
