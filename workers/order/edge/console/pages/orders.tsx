import type { z } from 'zod'
import { getOrder, listOrders, type orderSchema } from '../../../../../src/contracts/http/orders.ts'
import type { Api } from '../api.ts'
import { Empty, Id, money, Next, ProblemCard, State, Table, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf, type View } from '../view.ts'

type Order = z.infer<typeof orderSchema>

const STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled']
const FILTERS = ['status', 'stuck', 'reference', 'customerId', 'cursor']
const REFRESH_SECONDS = 5

export const ordersPage: PageOf = async ({ api, query, now }) => {
  const sought = query.get('q')?.trim()
  if (sought) return await find(api, sought)
  const filters = chosen(query, FILTERS)
  const orders = await api.read(listOrders, '/orders', filters)
  const body = (
    <>
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
    </>
  )
  const refresh = filters['cursor'] === undefined ? REFRESH_SECONDS : 0
  return { title: 'Orders', body, refresh, ...(!orders.ok && { status: orders.reason.status }) }
}

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
  <form class="filters" action="/console/orders">
    <label class="field">
      <span>Status</span>
      <select name="status">
        <option value="">Any</option>
        {STATUSES.map((status) => (
          <option value={status} selected={filters['status'] === status}>
            {status}
          </option>
        ))}
      </select>
    </label>
    <label class="field">
      <span>Stuck</span>
      <select name="stuck">
        <option value="">Any</option>
        <option value="true" selected={filters['stuck'] === 'true'}>
          stuck
        </option>
      </select>
    </label>
    <label class="field">
      <span>Reference</span>
      <input name="reference" value={filters['reference'] ?? ''} />
    </label>
    <label class="field">
      <span>Customer</span>
      <input name="customerId" value={filters['customerId'] ?? ''} />
    </label>
    <button type="submit">Filter</button>
  </form>
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
