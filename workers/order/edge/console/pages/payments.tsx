import { listPayments, PAYMENT_STATUSES } from '../../../../../src/contracts/http/payments.ts'
import { Choice, Empty, Id, money, Next, ProblemCard, State, Table, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

const HEADS = ['Order', 'State', 'Amount', 'Captured', 'Refunded', 'Bank asked', 'Bank reference', 'Changed']
const REFRESH_SECONDS = 10

export const paymentsPage: PageOf = async ({ api, query, now }) => {
  const filters = chosen(query, ['status', 'stuck', 'createdAfter', 'createdBefore', 'cursor'])
  const payments = await api.read(listPayments, '/payments', filters)
  if (!payments.ok)
    return {
      title: 'Payments',
      body: <ProblemCard problem={payments.reason} />,
      status: payments.reason.status,
    }
  const { items, nextCursor } = payments.value
  const body = (
    <>
      <Filters filters={filters} />
      <div data-part="payments">
        {items.length === 0 ? (
          <Empty title="No payment is like that. To place an order:" command="npm run demo" />
        ) : (
          <Table label="Payments" heads={HEADS}>
            {items.map((payment) => (
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
        )}
        <Next path="/console/payments" query={{ ...filters, cursor: nextCursor }} />
      </div>
    </>
  )
  return { title: 'Payments', body, refresh: REFRESH_SECONDS }
}

const Filters = ({ filters }: { filters: Record<string, string> }) => (
  <form class="filters" action="/console/payments">
    <Choice label="Status" name="status" any="Any" options={PAYMENT_STATUSES} value={filters['status']} />
    <Choice
      label="Stuck"
      name="stuck"
      any="Any"
      options={[{ value: 'true', text: 'stuck' }]}
      value={filters['stuck']}
    />
    <label class="field">
      <span>Created after</span>
      <input name="createdAfter" placeholder="2026-11-28T03:00:00Z" value={filters['createdAfter'] ?? ''} />
    </label>
    <label class="field">
      <span>Created before</span>
      <input name="createdBefore" placeholder="2026-11-28T04:00:00Z" value={filters['createdBefore'] ?? ''} />
    </label>
    <button type="submit">Filter</button>
  </form>
)
