import { listPayments } from '../../../../../src/contracts/http/payments.ts'
import { Empty, Id, money, Next, ProblemCard, State, Table, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

const HEADS = ['Order', 'State', 'Amount', 'Captured', 'Refunded', 'Bank asked', 'Bank reference', 'Changed']
const REFRESH_SECONDS = 10

export const paymentsPage: PageOf = async ({ api, query, now }) => {
  const payments = await api.read(listPayments, '/payments', chosen(query, ['cursor']))
  if (!payments.ok)
    return {
      title: 'Payments',
      body: <ProblemCard problem={payments.reason} />,
      status: payments.reason.status,
    }
  const { items, nextCursor } = payments.value
  const body = (
    <div data-part="payments">
      {items.length === 0 ? (
        <Empty title="There is no payment yet. To place an order:" command="npm run demo" />
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
      <Next path="/console/payments" query={{ cursor: nextCursor }} />
    </div>
  )
  return { title: 'Payments', body, refresh: REFRESH_SECONDS }
}
