import type { Child } from 'hono/jsx'
import type { z } from 'zod'
import { CONSUMERS } from '../../../../../src/contracts/dead-letter.ts'
import { type Faults, getFaults } from '../../../../../src/contracts/http/drills.ts'
import { listLevels, listProducts } from '../../../../../src/contracts/http/inventory.ts'
import { getOrder, getOrderEvents, type orderSchema } from '../../../../../src/contracts/http/orders.ts'
import {
  Choice,
  Done,
  Empty,
  money,
  ProblemCard,
  refused,
  State,
  Status,
  Switch,
  Switches,
  Table,
} from '../parts.tsx'
import { type Told, tell, WORDS, waitsFor } from '../shop/story.ts'
import { type Asked, type PageOf, pathOf } from '../view.ts'

type Order = z.infer<typeof orderSchema>
type Product = { productId: string; name: string; unitPrice: number; currency: string; available: number }

const PRODUCTS_SHOWN = 6
const DELAY_SECONDS = 2

/** A shop to try the system with: it places an order, lets things go wrong, and tells what happens. Only in a demo. */
export const shopPage: PageOf = async (asked) => {
  const { api, query } = asked
  const faults = await api.read(getFaults, '/simulator/faults')
  if (!faults.ok) return refused('Demo shop', faults.reason)
  const [products, told] = await Promise.all([productsOf(asked), orderOf(asked)])
  const body = (
    <div class="cols shop">
      <section class="card">
        <h2>Order</h2>
        <OrderForm products={products} />
      </section>
      <section class="card story" id="story" data-part="story" aria-live="polite">
        <h2>What happens</h2>
        <Now faults={faults.value} />
        {told === undefined ? <Empty title="Place an order, and watch it here." /> : told}
      </section>
      <section class="card">
        <h2>What goes wrong</h2>
        <Done query={query} says={{ faults: 'It is set.' }} />
        <FaultForm faults={faults.value} orderId={query.get('order') ?? ''} />
      </section>
    </div>
  )
  return { title: 'Demo shop', body }
}

const productsOf = async ({ api }: Asked): Promise<Product[]> => {
  const [products, levels] = await Promise.all([
    api.read(listProducts, '/products', { limit: PRODUCTS_SHOWN }),
    api.read(listLevels, '/inventory', { limit: PRODUCTS_SHOWN }),
  ])
  if (!products.ok || !levels.ok) return []
  const available = new Map(levels.value.items.map((level) => [level.productId, level.available]))
  return products.value.items.map((product) => ({
    ...product,
    available: available.get(product.productId) ?? 0,
  }))
}

/** What became of the order that the page is about. Undefined where there is none. */
const orderOf = async ({ api, query }: Asked): Promise<Child | undefined> => {
  const id = query.get('order')
  if (!id) return undefined
  const [order, events] = await Promise.all([
    api.read(getOrder, pathOf('orders', id)),
    api.read(getOrderEvents, pathOf('orders', id, 'events')),
  ])
  if (!order.ok) return <ProblemCard problem={order.reason} />
  return <Story order={order.value} told={events.ok ? tell(events.value.events) : []} />
}

/** One unit of the first product that can be had is ordered, unless the visitor changes it. */
const OrderForm = ({ products }: { products: readonly Product[] }) => {
  const first = products.find(({ available }) => available > 0)
  return (
    <form method="post" action="/console/shop/orders" class="stack">
      <input type="hidden" name="attempt" value={crypto.randomUUID()} />
      <Table label="Products" heads={['Product', 'Each', 'Available', 'Quantity']}>
        {products.map(({ productId, name, unitPrice, currency, available }) => (
          <tr>
            <td>{name}</td>
            <td class="num">{money(unitPrice, currency)}</td>
            <td class="num">{available.toLocaleString('en')}</td>
            <td class="num">
              <input
                class="quantity"
                type="number"
                name={`quantity:${productId}`}
                aria-label={`Quantity of ${name}`}
                min="0"
                max="99"
                value={productId === first?.productId ? '1' : '0'}
              />
            </td>
          </tr>
        ))}
      </Table>
      <div class="switches">
        <Switch name="card" value="declined" label="Declined card" />
        <Switch name="shelf" value="empty" label="Empty shelf: ask for more than there is" />
      </div>
      <p>
        <button type="submit" class="primary">
          Place the order
        </button>
      </p>
    </form>
  )
}

const BANKS = [
  { value: 'well', text: 'Responds at once' },
  { value: 'slow', text: 'Takes three seconds longer' },
  { value: 'failing', text: 'Answers every call with an error' },
]

const FaultForm = ({ faults, orderId }: { faults: Faults; orderId: string }) => (
  <form method="post" action="/console/shop/faults" class="stack">
    <input type="hidden" name="order" value={orderId} />
    <Choice label="Bank" name="bank" options={BANKS} value={faults.bank} />
    <fieldset class="switches">
      <legend>Messages</legend>
      <Switch name="duplicates" label="Come twice" isOn={faults.duplicates} />
      <Switch
        name="delaySeconds"
        value={String(DELAY_SECONDS)}
        label={`Come ${DELAY_SECONDS} seconds late`}
        isOn={faults.delaySeconds > 0}
      />
    </fieldset>
    <Switches
      name="crashing"
      legend="Crash once, after the work"
      options={CONSUMERS}
      chosen={faults.crashing}
    />
    <Switches name="stopped" legend="Stopped" options={CONSUMERS} chosen={faults.stopped} />
    <div class="actions">
      <button type="submit">Set</button>
      <button type="submit" name="end" value="all">
        All is well
      </button>
    </div>
  </form>
)

/** The faults that are in force, in words. */
const Now = ({ faults }: { faults: Faults }) => {
  const said = [
    ...(faults.bank === 'well' ? [] : [`The bank is ${faults.bank}.`]),
    ...(faults.duplicates ? ['Messages come twice.'] : []),
    ...(faults.delaySeconds === 0 ? [] : [`Messages come ${faults.delaySeconds} s late.`]),
    ...faults.crashing.map((consumer) => `The consumer of ${consumer} will crash once.`),
    ...faults.stopped.map((consumer) => `The consumer of ${consumer} is stopped.`),
  ]
  if (said.length === 0) return null
  return (
    <ul class="faults">
      {said.map((each) => (
        <li>
          <Status tone="warn">{each}</Status>
        </li>
      ))}
    </ul>
  )
}

/** Until the order is settled, each of its events makes the page read itself again. */
const Story = ({ order, told }: { order: Order; told: readonly Told[] }) => {
  const { orderId, status, settledAt, totalAmount, currency, reason } = order
  const page = pathOf('console', 'orders', orderId)
  const live =
    settledAt === undefined
      ? { 'data-events': `${page}/events`, 'data-types': Object.keys(WORDS).join(' ') }
      : {}
  return (
    <div {...live}>
      <p class="actions">
        <State of={status} />
        <strong>{money(totalAmount, currency)}</strong>
        <a href={page}>Open in the console</a>
      </p>
      <ol class="timeline">
        {told.map(({ afterMs, says }) => (
          <li>
            <span class="at">+{afterMs.toLocaleString('en')} ms</span>
            <div class="what">{says}</div>
          </li>
        ))}
      </ol>
      {reason !== undefined && <p class="dim">{reason.detail}</p>}
      <p role="status">
        {settledAt === undefined ? (
          <Status tone="busy">{waitsFor(order)}</Status>
        ) : (
          <Status tone="good">All is done.</Status>
        )}
      </p>
    </div>
  )
}
