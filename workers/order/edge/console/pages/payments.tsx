import type { z } from 'zod'
import {
  listPayments,
  PAYMENT_STATUSES,
  type paymentSchema,
} from '../../../../../src/contracts/http/payments.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import {
  Choice,
  Empty,
  Field,
  Flag,
  Id,
  money,
  Narrow,
  Next,
  refused,
  State,
  Table,
  When,
} from '../parts.tsx'
import { chosen, isNarrowed, type PageOf, pathOf, withTimestamps } from '../view.ts'
import { Reconciliation, reconcile } from './reconciliation.tsx'

type Payment = z.infer<typeof paymentSchema>

const HEADS = ['Order', 'State', 'Amount', 'Captured', 'Refunded', 'Bank asked', 'Bank reference', 'Changed']
const REFRESH_SECONDS = 10
const TIMES = ['createdAfter', 'createdBefore']

const FILTERS = ['status', 'stuck', 'createdAfter', 'createdBefore', 'cursor']

export const paymentsPage: PageOf = async (asked) =>
  asked.query.get('drift') === 'true' ? await driftPage(asked) : await listPage(asked)

/** The payments that the bank has otherwise, in place of the list. They are compared once, and not again and again. */
const driftPage: PageOf = async ({ api, query, now }) => {
  const filters = chosen(query, ['drift', 'hours', 'createdAfter', 'createdBefore', 'cursor'])
  const found = await reconcile(api, withTimestamps(filters, TIMES), now)
  const body = (
    <>
      <Filters filters={filters} />
      <Reconciliation asked={filters} found={found} />
    </>
  )
  return { title: 'Payments', body, ...(!found.ok && { status: found.reason.status }) }
}

const listPage: PageOf = async ({ api, query, now }) => {
  const filters = chosen(query, FILTERS)
  const payments = await api.read(listPayments, '/payments', withTimestamps(filters, TIMES))
  if (!payments.ok) return refused('Payments', payments.reason)
  const { items, nextCursor } = payments.value
  const body = (
    <>
      <Filters filters={filters} />
      <div data-part="payments">
        {items.length === 0 ? (
          <Empty title="No payment is like that. To place an order:" command="npm run demo" />
        ) : (
          <Payments payments={items} now={now} />
        )}
        <Next path="/console/payments" query={{ ...filters, cursor: nextCursor }} />
      </div>
      <Reconciliation asked={{}} found={undefined} />
    </>
  )
  return { title: 'Payments', body, refresh: REFRESH_SECONDS }
}

const Payments = ({ payments, now }: { payments: readonly Payment[]; now: Instant }) => (
  <Table label="Payments" heads={HEADS}>
    {payments.map((payment) => (
      <tr>
        <td>
          <Id href={pathOf('console', 'orders', payment.orderId)}>{payment.orderId}</Id>
        </td>
        <td>
          <State of={payment.stuck === undefined ? payment.status : 'stuck'} />
        </td>
        <td class="num">{money(payment.amount, payment.currency)}</td>
        <td class="num">{money(payment.capturedAmount, payment.currency)}</td>
        <td class="num">{money(payment.refundedAmount, payment.currency)}</td>
        <td class="num">{payment.attempts}</td>
        <td>
          <code>{payment.gatewayReference}</code>
        </td>
        <td>
          <When at={payment.updatedAt} now={now} />
        </td>
      </tr>
    ))}
  </Table>
)

const Filters = ({ filters }: { filters: Record<string, string> }) => (
  <Narrow path="/console/payments" isSet={isNarrowed(filters)}>
    <Choice label="Status" name="status" any="Any" options={PAYMENT_STATUSES} value={filters['status']} />
    <Flag label="Stuck" name="stuck" text="stuck" value={filters['stuck']} />
    <Flag label="Drift" name="drift" text="differs from the bank" value={filters['drift']} />
    <Field label="Created after (UTC)" name="createdAfter" value={filters['createdAfter'] ?? ''} />
    <Field label="Created before (UTC)" name="createdBefore" value={filters['createdBefore'] ?? ''} />
  </Narrow>
)
