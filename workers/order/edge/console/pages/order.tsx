import { getOrderStory } from '../../../../../src/contracts/http/story.ts'
import { Comparison } from '../order/comparison.tsx'
import { Legs } from '../order/legs.tsx'
import { Related } from '../order/related.tsx'
import type { Story } from '../order/story.ts'
import { Timeline } from '../order/timeline.tsx'
import { Waterfall } from '../order/waterfall.tsx'
import { Action, Done, Field, Id, money, refused, Status, Table, When } from '../parts.tsx'
import { type PageOf, pathOf } from '../view.ts'

type Order = Story['order']

const DONE: Readonly<Record<string, string>> = {
  cancelled: 'The order is cancelled. Its stock and its money go back now.',
  refund: 'The refund is stored, and is carried out soon.',
}

/** Quick while the order moves, slow after. */
const REFRESH_SECONDS = { moving: 2, settled: 15 }

/** One order, with all that happened to it. */
export const orderPage: PageOf = async ({ api, id, query, now }) => {
  const read = await api.read(getOrderStory, `${pathOf('orders', id)}/story`)
  if (!read.ok) return refused('Order', read.reason)
  const story = read.value
  const { order } = story
  const body = (
    <>
      <Done query={query} says={DONE} />
      <div class="cols top">
        <div>
          <div data-part="legs">
            <Legs order={order} />
          </div>
          <Actions order={order} />
        </div>
        <section class="card" data-part="facts">
          <Facts order={order} now={now} />
        </section>
      </div>
      <div class="cols">
        <div class="stack">
          <section class="card" data-part="trace">
            <h2>Where the time went</h2>
            <Waterfall story={story} />
          </section>
          <section class="card" data-part="timeline">
            <h2>Timeline</h2>
            <Timeline story={story} isFailedOnly={query.get('failed') === 'true'} />
          </section>
        </div>
        <div class="stack">
          <section class="card" data-part="money">
            <h2>Items and money</h2>
            <Money story={story} />
          </section>
          <section class="card" data-part="raw">
            <h2>Order, stock and payment</h2>
            <Comparison story={story} />
          </section>
          <div class="stack" data-part="related">
            <Related story={story} now={now} />
          </div>
        </div>
      </div>
    </>
  )
  const refresh = order.settledAt === undefined ? REFRESH_SECONDS.moving : REFRESH_SECONDS.settled
  return { title: `Order ${order.reference ?? ''}`.trim(), body, refresh }
}

const Actions = ({ order }: { order: Order }) => {
  const isCancellable = order.status === 'pending' || order.status === 'confirmed'
  const isRefundable = order.payment.capturedAmount > order.payment.refundedAmount
  const path = pathOf('console', 'orders', order.orderId)
  return (
    <div class="actions">
      <Id>{order.orderId}</Id>
      {isCancellable ? (
        <Action
          path={`${path}/cancel`}
          label="Cancel"
          isGrave
          says="The order is cancelled at once. Its stock goes back, and its money is voided or refunded."
        >
          <Field label="Reason" name="reason" isRequired />
        </Action>
      ) : (
        <p class="dim">It cannot be cancelled: it is {order.status}.</p>
      )}
      {isRefundable ? (
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
      ) : (
        <p class="dim">There is nothing to refund: {nothingToRefund(order)}.</p>
      )}
      <a class="button" href={`/console/replays?${new URLSearchParams({ orderId: order.orderId })}`}>
        Send its events again
      </a>
    </div>
  )
}

const nothingToRefund = ({ payment: { capturedAmount } }: Order): string =>
  capturedAmount === 0 ? 'no money was captured' : 'all of it was given back'

const Facts = ({ order, now }: { order: Order; now: number }) => (
  <dl class="facts">
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
    <dt>Placed</dt>
    <dd>
      <When at={order.placedAt} now={now} />
    </dd>
    {order.settledAt !== undefined && (
      <>
        <dt>Settled</dt>
        <dd>
          <When at={order.settledAt} now={now} />
        </dd>
      </>
    )}
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

const Money = ({ story: { order, payment } }: { story: Story }) => (
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
          <dd>{payment.attempts === 1 ? 'once' : `${payment.attempts} times`}</dd>
        </>
      )}
    </dl>
  </>
)
