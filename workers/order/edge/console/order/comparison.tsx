import { toMajor, toMinor } from '../../../../../src/kernel/money.ts'
import { Json, money, Status } from '../parts.tsx'
import type { Story } from './story.ts'

/** One fact as the order has it and as the service that did it has it. */
export type Compared = { fact: string; order: string; service: string; isEqual: boolean }

/** The order's row beside those of the services. What differs is marked. */
export const Comparison = ({ story }: { story: Story }) => {
  const isMoving = story.order.settledAt === undefined
  return (
    <>
      <table class="compared">
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Order</th>
            <th scope="col">Service</th>
          </tr>
        </thead>
        <tbody>
          {compared(story).map(({ fact: name, order, service, isEqual }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{order}</td>
              <td>
                <Mark isEqual={isEqual} isMoving={isMoving}>
                  {service}
                </Mark>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="raw">
        <Json title="Order" of={story.order} />
        {story.stock !== undefined && <Json title="Stock" of={story.stock} />}
        {story.payment !== undefined && <Json title="Payment" of={story.payment} />}
        {story.bank !== undefined && <Json title="Bank" of={story.bank} />}
      </div>
    </>
  )
}

type MarkProps = { isEqual: boolean; isMoving: boolean; children: string }

/** While the order is not settled, a report may be on its way. */
const Mark = ({ isEqual, isMoving, children }: MarkProps) => {
  if (isEqual) return <Status tone="good">{children}</Status>
  return isMoving ? (
    <Status tone="warn">{children}: not yet alike</Status>
  ) : (
    <Status tone="bad">{children}: differs</Status>
  )
}

/** Parts that could not be read are left out. */
export const compared = (story: Story): Compared[] => [
  ...stockFacts(story),
  ...paymentFacts(story),
  ...bankFacts(story),
]

const stockFacts = ({ order, stock }: Story): Compared[] => {
  if (stock === undefined) return []
  const units = unitsOf(order.items)
  const reserved = unitsOf(stock.reservations.flatMap(({ items }) => items))
  return [
    fact('Stock', order.inventory.status, stockStatusOf(stock.reservations.map(({ status }) => status))),
    ...(stock.reservations.length === 0 ? [] : [fact('Units', units, reserved)]),
  ]
}

/** One partition's refusal rejects the order. Partitions that are on different sides of a change are both named. */
const stockStatusOf = (statuses: readonly string[]): string => {
  if (statuses.length === 0) return 'pending'
  if (statuses.includes('refused')) return 'rejected'
  return [...new Set(statuses)].join(' and ')
}

const unitsOf = (items: readonly { productId: string; quantity: number }[]): string => {
  const byProduct = Map.groupBy(items, ({ productId }) => productId)
  return [...byProduct]
    .map(([productId, each]) => `${each.reduce((sum, { quantity }) => sum + quantity, 0)} × ${productId}`)
    .sort()
    .join(', ')
}

const paymentFacts = ({ order, payment }: Story): Compared[] => {
  if (payment === undefined) return []
  const amount = (value: number) => money(value, order.currency)
  return [
    fact('Payment', order.payment.status, payment.status),
    fact('Total', amount(order.totalAmount), amount(payment.amount)),
    fact('Captured', amount(order.payment.capturedAmount), amount(payment.capturedAmount)),
    fact('Refunded', amount(order.payment.refundedAmount), amount(payment.refundedAmount)),
  ]
}

/** The bank's own books. */
const bankFacts = ({ order, bank }: Story): Compared[] => {
  if (bank === undefined) return []
  const { currency } = order
  const sumOf = (type: string) => {
    const done = bank.filter((each) => each.type === type && each.outcome === 'succeeded')
    return toMajor(
      done.reduce((sum, each) => sum + (toMinor(each.amount, currency) ?? 0), 0),
      currency,
    )
  }
  const amount = (value: number) => money(value, order.currency)
  return [
    fact('Captured at the bank', amount(order.payment.capturedAmount), amount(sumOf('capture'))),
    fact('Refunded at the bank', amount(order.payment.refundedAmount), amount(sumOf('refund'))),
  ]
}

const fact = (name: string, order: string, service: string): Compared => ({
  ...{ fact: name, order, service },
  isEqual: order === service,
})
