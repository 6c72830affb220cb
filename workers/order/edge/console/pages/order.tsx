import type { z } from 'zod'
import { getOrder, getOrderEvents, type orderSchema } from '../../../../../src/contracts/http/orders.ts'
import { getPayment, type paymentSchema } from '../../../../../src/contracts/http/payments.ts'
import { getOrderTrace, type Span, type Trace } from '../../../../../src/contracts/http/trace.ts'
import { Action, Empty, Field, Id, Json, money, ProblemCard, State, Status, Table, When } from '../parts.tsx'
import { type PageOf, pathOf } from '../view.ts'

type Order = z.infer<typeof orderSchema>
type Payment = z.infer<typeof paymentSchema>
type OrderEvent = z.infer<
  (typeof getOrderEvents)['route']['responses'][200]['content']['application/json']['schema']
>['events'][number]

const DONE: Readonly<Record<string, string>> = {
  cancelled: 'The order is cancelled. Its stock and its money go back now.',
  refund: 'The refund is stored, and is carried out soon.',
}

/** Quick while the order moves, slow after. */
const REFRESH_SECONDS = { moving: 2, settled: 15 }

/** One order, with all that happened to it. */
export const orderPage: PageOf = async ({ api, id, query, now }) => {
  const [order, events, payment, trace] = await Promise.all([
    api.read(getOrder, pathOf('orders', id)),
    api.read(getOrderEvents, pathOf('orders', id, 'events')),
    api.read(getPayment, pathOf('payments', id)),
    api.read(getOrderTrace, pathOf('orders', id, 'trace')),
  ])
  if (!order.ok)
    return { title: 'Order', body: <ProblemCard problem={order.reason} />, status: order.reason.status }
  const done = DONE[query.get('done') ?? '']
  const paid = payment.ok ? payment.value : undefined
  const body = (
    <>
      {done !== undefined && (
        <p class="done" role="status">
          {done}
        </p>
      )}
      <Actions order={order.value} />
      <div class="cols">
        <div class="stack">
          <section class="card" data-part="timeline">
            <h2>Timeline</h2>
            {events.ok ? <Timeline events={events.value.events} /> : <ProblemCard problem={events.reason} />}
          </section>
          <section class="card" data-part="trace">
            <h2>Trace</h2>
            {trace.ok ? <Waterfall trace={trace.value} /> : <ProblemCard problem={trace.reason} />}
          </section>
        </div>
        <div class="stack">
          <section class="card" data-part="facts">
            <h2>Order</h2>
            <Facts order={order.value} now={now} />
          </section>
          <section class="card" data-part="money">
            <h2>Items and money</h2>
            <Money order={order.value} payment={paid} />
          </section>
          <section class="card">
            <h2>Raw state</h2>
            <Json title="Order" of={order.value} />
            {paid !== undefined && <Json title="Payment" of={paid} />}
          </section>
        </div>
      </div>
    </>
  )
  const refresh = order.value.settledAt === undefined ? REFRESH_SECONDS.moving : REFRESH_SECONDS.settled
  return { title: `Order ${order.value.reference ?? ''}`.trim(), body, refresh }
}

const Actions = ({ order }: { order: Order }) => {
  const isCancellable = order.status === 'pending' || order.status === 'confirmed'
  const isRefundable = order.payment.capturedAmount > order.payment.refundedAmount
  const path = pathOf('console', 'orders', order.orderId)
  return (
    <div class="actions">
      <Id>{order.orderId}</Id>
      {isCancellable && (
        <Action
          path={`${path}/cancel`}
          label="Cancel"
          isGrave
          says="The order is cancelled at once. Its stock goes back, and its money is voided or refunded."
        >
          <Field label="Reason" name="reason" isRequired />
        </Action>
      )}
      {isRefundable && (
        <Action
          path={`${path}/refund`}
          label="Refund"
          isGrave
          says="Money goes back to the customer. The order is not cancelled by it."
        >
          <Field
            label={`Amount in ${order.currency} (empty: all of the rest)`}
            name="amount"
            type="number"
            step="any"
          />
          <Field label="Reason" name="reason" isRequired />
        </Action>
      )}
    </div>
  )
}

const Facts = ({ order, now }: { order: Order; now: number }) => (
  <dl class="facts">
    <dt>State</dt>
    <dd>
      <State of={order.status} /> {order.settledAt !== undefined && <State of="settled" />}
    </dd>
    {order.stuck !== undefined && (
      <>
        <dt>Stuck</dt>
        <dd>
          <Status tone="bad">{order.stuck.code}</Status> {order.stuck.detail} Waits for{' '}
          {order.stuck.waitingFor.join(' and ')}.
        </dd>
      </>
    )}
    {order.reason !== undefined && (
      <>
        <dt>Reason</dt>
        <dd>
          <code>{order.reason.code}</code> {order.reason.detail}
        </dd>
      </>
    )}
    <dt>Stock</dt>
    <dd>
      <State of={order.inventory.status} />
    </dd>
    <dt>Payment</dt>
    <dd>
      <State of={order.payment.status} />
    </dd>
    <dt>Placed</dt>
    <dd>
      <When at={order.placedAt} now={now} />
    </dd>
    <dt>Client</dt>
    <dd>{order.client}</dd>
    {order.customerId !== undefined && (
      <>
        <dt>Customer</dt>
        <dd>
          <a href={`/console/orders?${new URLSearchParams({ customerId: order.customerId })}`}>
            {order.customerId}
          </a>
        </dd>
      </>
    )}
    {order.reference !== undefined && (
      <>
        <dt>Reference</dt>
        <dd>{order.reference}</dd>
      </>
    )}
  </dl>
)

const Money = ({ order, payment }: { order: Order; payment: Payment | undefined }) => (
  <>
    <Table label="Items" heads={['Product', 'Quantity', 'Each', 'Sum']}>
      {order.items.map((item) => (
        <tr>
          <td>
            <a href={pathOf('console', 'inventory', item.productId)}>{item.productId}</a>
          </td>
          <td class="num">{item.quantity}</td>
          <td class="num">{money(item.unitPrice, order.currency)}</td>
          <td class="num">{money(item.amount, order.currency)}</td>
        </tr>
      ))}
    </Table>
    <dl class="facts">
      <dt>Total</dt>
      <dd>{money(order.totalAmount, order.currency)}</dd>
      <dt>Captured</dt>
      <dd>{money(order.payment.capturedAmount, order.currency)}</dd>
      <dt>Refunded</dt>
      <dd>{money(order.payment.refundedAmount, order.currency)}</dd>
      {payment !== undefined && (
        <>
          <dt>Bank was asked</dt>
          <dd>{payment.attempts} times</dd>
        </>
      )}
    </dl>
  </>
)

const Timeline = ({ events }: { events: OrderEvent[] }) => {
  const [first] = events
  if (first === undefined) return <Empty title="Nothing has happened yet." />
  const start = Date.parse(first.time)
  return (
    <ol class="timeline">
      {events.map((event) => (
        <li>
          <span class="at">+{(Date.parse(event.time) - start).toLocaleString('en')} ms</span>
          <div class="what">
            <strong>{event.type}</strong> <span class="dim">by {event.source.split('/').at(-1)}</span>
            <Json title="Event" of={event} />
          </div>
        </li>
      ))}
    </ol>
  )
}

const ROW = 26
const WIDTH = 640
const LABEL = 150

/** Each span as a bar, from the event that caused it to its own time. */
const Waterfall = ({ trace }: { trace: Trace }) => {
  const spans = trace.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  const sorted = spans.toSorted((one, other) => msOf(one.startTimeUnixNano) - msOf(other.startTimeUnixNano))
  const start = Math.min(...sorted.map((span) => msOf(span.startTimeUnixNano)))
  const end = Math.max(...sorted.map((span) => msOf(span.endTimeUnixNano)))
  const scale = (WIDTH - LABEL - 70) / Math.max(1, end - start)
  if (sorted.length === 0) return <Empty title="There are no spans yet." />
  return (
    <svg
      class="waterfall"
      viewBox={`0 0 ${WIDTH} ${sorted.length * ROW}`}
      role="img"
      aria-label={`Trace of ${sorted.length} spans over ${Math.round(end - start)} ms`}
    >
      {sorted.map((span, row) => (
        <Bar
          span={span}
          x={LABEL + (msOf(span.startTimeUnixNano) - start) * scale}
          y={row * ROW}
          scale={scale}
        />
      ))}
    </svg>
  )
}

const Bar = ({ span, x, y, scale }: { span: Span; x: number; y: number; scale: number }) => {
  const ms = msOf(span.endTimeUnixNano) - msOf(span.startTimeUnixNano)
  const width = Math.max(3, ms * scale)
  return (
    <g>
      <text x="0" y={y + 16}>
        {span.name}
      </text>
      <rect x={x} y={y + 5} width={width} height={ROW - 12} rx="3" />
      <text x={x + width + 6} y={y + 16}>
        {Math.round(ms)} ms
      </text>
    </g>
  )
}

const NANOS_IN_MS = 1_000_000n

const msOf = (nanos: string): number => Number(BigInt(nanos) / NANOS_IN_MS)
