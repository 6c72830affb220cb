import type { z } from 'zod'
import { getOrder, listOrders, type orderSchema } from '../../../../../src/contracts/http/orders.ts'
import { listPauses } from '../../../../../src/contracts/http/pauses.ts'
import type { Api } from '../api.ts'
import {
  Action,
  Choice,
  Done,
  Empty,
  Field,
  Id,
  money,
  Narrow,
  Next,
  ProblemCard,
  State,
  Status,
  Table,
  When,
} from '../parts.tsx'
import { chosen, isNarrowed, type PageOf, pathOf, type View, withTimestamps } from '../view.ts'

type Order = z.infer<typeof orderSchema>

const STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled']
const PAYMENT_STATUSES = ['pending', 'authorized', 'captured', 'declined', 'failed', 'voided', 'refunded']
const STOCK_STATUSES = ['pending', 'reserved', 'committed', 'rejected', 'released']
const FILTERS = [
  ...['status', 'stuck', 'settled', 'payment.status', 'inventory.status'],
  ...['reference', 'customerId', 'productId', 'placedAfter', 'placedBefore', 'cursor'],
]
const TIMES = ['placedAfter', 'placedBefore']
/** As many pauses as there can be. */
const PAUSES_READ = 100
const REFRESH_SECONDS = 5

const DONE: Readonly<Record<string, string>> = {
  paused: 'New orders are paused. Orders that were accepted before go on.',
  resumed: 'New orders are taken again.',
}

export const ordersPage: PageOf = async ({ api, query, now }) => {
  const sought = query.get('q')?.trim()
  if (sought) return await find(api, sought)
  const filters = chosen(query, FILTERS)
  const [orders, pauses] = await Promise.all([
    api.read(listOrders, '/orders', withTimestamps(filters, TIMES)),
    api.read(listPauses, '/pauses', { limit: PAUSES_READ }),
  ])
  const body = (
    <>
      <Done query={query} says={DONE} />
      <Filters filters={filters} />
      <div data-part="orders">
        {orders.ok ? (
          <Orders {...{ orders: orders.value.items, now }} />
        ) : (
          <ProblemCard problem={orders.reason} />
        )}
        <Next
          path="/console/orders"
          query={{ ...filters, cursor: orders.ok ? orders.value.nextCursor : undefined }}
        />
      </div>
      {pauses.ok && <Pauses pauses={pauses.value.items} now={now} />}
      <h2>Many orders at once</h2>
      <div class="actions">
        <a class="button" href="/console/recall">
          Recall a product
        </a>
        <a class="button" href="/console/replays">
          Send events again
        </a>
        <a class="button" href={erasureOf(filters['customerId'])}>
          Erase a customer
        </a>
      </div>
    </>
  )
  const refresh = filters['cursor'] === undefined ? REFRESH_SECONDS : 0
  return { title: 'Orders', body, refresh, ...(!orders.ok && { status: orders.reason.status }) }
}

const erasureOf = (customerId: string | undefined): string =>
  `/console/customers${customerId === undefined ? '' : `?${new URLSearchParams({ customerId })}`}`

/** An order's id leads to the order. Another text is a reference, or else a customer. */
const find = async (api: Api, sought: string): Promise<View> => {
  const order = await api.read(getOrder, pathOf('orders', sought))
  if (order.ok) return { redirect: pathOf('console', 'orders', order.value.orderId) }
  const byReference = await api.read(listOrders, '/orders', { reference: sought, limit: 1 })
  const isReference = byReference.ok && byReference.value.items.length > 0
  return {
    redirect: `/console/orders?${new URLSearchParams({ [isReference ? 'reference' : 'customerId']: sought })}`,
  }
}

const Filters = ({ filters }: { filters: Record<string, string> }) => (
  <Narrow path="/console/orders" isSet={isNarrowed(filters)}>
    {CHOICES.map((choice) => (
      <Choice any="Any" value={filters[choice.name]} {...choice} />
    ))}
    <Field label="Reference" name="reference" value={filters['reference'] ?? ''} />
    <Field label="Customer" name="customerId" value={filters['customerId'] ?? ''} />
    <Field label="Product" name="productId" value={filters['productId'] ?? ''} />
    <Field label="Placed after (UTC)" name="placedAfter" value={filters['placedAfter'] ?? ''} />
    <Field label="Placed before (UTC)" name="placedBefore" value={filters['placedBefore'] ?? ''} />
  </Narrow>
)

const YES = { value: 'true', text: 'yes' }

const CHOICES = [
  { label: 'Status', name: 'status', options: STATUSES },
  { label: 'Stuck', name: 'stuck', options: [YES] },
  { label: 'Settled', name: 'settled', options: [YES, { value: 'false', text: 'no' }] },
  { label: 'Payment', name: 'payment.status', options: PAYMENT_STATUSES },
  { label: 'Stock', name: 'inventory.status', options: STOCK_STATUSES },
]

type Pause = z.infer<
  (typeof listPauses)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

/** What is refused on purpose, and since when. */
const Pauses = ({ pauses, now }: { pauses: Pause[]; now: number }) => (
  <section id="pauses">
    <h2>Pauses</h2>
    {pauses.length > 0 && (
      <Table label="Pauses" heads={['New orders', 'Reason', 'By', 'Since', 'Action']}>
        {pauses.map(({ productId, reason, client, at }) => (
          <tr>
            <td>
              <Status tone="warn">{productId === undefined ? 'all' : `with ${productId}`}</Status>
            </td>
            <td class="wrap">{reason}</td>
            <td>{client}</td>
            <td>
              <When at={at} now={now} />
            </td>
            <td>
              <Action
                path="/console/pauses/lift"
                label="Resume"
                says="New orders are taken again within two seconds."
              >
                {productId !== undefined && <input type="hidden" name="productId" value={productId} />}
              </Action>
            </td>
          </tr>
        ))}
      </Table>
    )}
    <Action
      path="/console/pauses"
      label="Pause new orders"
      isGrave
      says="New orders get 503 until they are resumed. Accepted orders go on and settle."
    >
      <Field label="Product (empty: all orders)" name="productId" />
      <Field label="Reason" name="reason" isRequired />
    </Action>
  </section>
)

const HEADS = ['Order', 'State', 'Stock', 'Payment', 'Total', 'Reference', 'Customer', 'Placed']

const Orders = ({ orders, now }: { orders: Order[]; now: number }) => {
  if (orders.length === 0)
    return <Empty title="No order is like that. To place one:" command="npm run demo" />
  return (
    <Table label="Orders" heads={HEADS}>
      {orders.map((order) => (
        <tr>
          <td>
            <Id href={pathOf('console', 'orders', order.orderId)}>{order.orderId}</Id>
          </td>
          <td>{order.stuck === undefined ? <State of={order.status} /> : <State of="stuck" />}</td>
          <td>
            <State of={order.inventory.status} />
          </td>
          <td>
            <State of={order.payment.status} />
          </td>
          <td class="num">{money(order.totalAmount, order.currency)}</td>
          <td>{order.reference}</td>
          <td>{order.customerId}</td>
          <td>
            <When at={order.placedAt} now={now} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
