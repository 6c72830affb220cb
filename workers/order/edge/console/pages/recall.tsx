import type { Problem } from '../../../../../src/contracts/http/problem.ts'
import { type Instant, toTimestamp } from '../../../../../src/kernel/instant.ts'
import type { Result } from '../../../../../src/kernel/result.ts'
import {
  Action,
  counted,
  Done,
  Empty,
  Field,
  Hidden,
  Id,
  money,
  ProblemCard,
  State,
  Table,
  When,
} from '../parts.tsx'
import { type Affected, findAffected, type Recall } from '../recall/affected-orders.ts'
import { CANCELLED_A_CLICK } from '../recall/recall-action.ts'
import { chosen, type PageOf, pathOf, timestampOf } from '../view.ts'

/** What a dry run counts; with more it says so. */
const COUNTED_MAX = 500
const SHOWN_MAX = 20

/** Cancels the orders with a product that was recalled, or had a wrong price: first it only looks. */
export const recallPage: PageOf = async ({ api, query, now }) => {
  const asked = chosen(query, ['productId', 'placedAfter', 'placedBefore', 'cursor'])
  const recall = recallOf(asked, now)
  const isOver = query.get('done') !== null && asked['cursor'] === undefined
  const affected =
    recall === undefined || isOver
      ? undefined
      : await findAffected(api, recall, { after: asked['cursor'], openMax: COUNTED_MAX })
  const body = (
    <>
      <Cancelled query={query} recall={recall} isOver={isOver} />
      <div class="stack">
        <section class="card">
          <p>
            <a href="/console/orders#pauses">Pause the product</a> first, so that no new order comes. Then see
            which orders would be cancelled. An order with several products is cancelled as a whole.
          </p>
          <Asked asked={asked} />
        </section>
        {recall !== undefined && affected !== undefined && (
          <Found recall={recall} affected={affected} cursor={asked['cursor']} now={now} />
        )}
      </div>
    </>
  )
  return {
    title: 'Recall a product',
    body,
    ...(affected?.ok === false && { status: affected.reason.status }),
  }
}

/** Undefined until the operator has named a product and a time. The time ends now where no end is given. */
const recallOf = (asked: Readonly<Record<string, string>>, now: Instant): Recall | undefined => {
  const { productId, placedAfter, placedBefore } = asked
  if (productId === undefined || placedAfter === undefined) return undefined
  return {
    productId,
    placedAfter: timestampOf(placedAfter),
    placedBefore: placedBefore === undefined ? toTimestamp(now) : timestampOf(placedBefore),
  }
}

const Asked = ({ asked }: { asked: Readonly<Record<string, string>> }) => (
  <form class="filters" action="/console/recall">
    <Field label="Product" name="productId" isRequired value={asked['productId'] ?? ''} />
    <Field label="Placed since (UTC)" name="placedAfter" isRequired value={asked['placedAfter'] ?? ''} />
    <Field label="Until (UTC; empty: now)" name="placedBefore" value={asked['placedBefore'] ?? ''} />
    <button type="submit">Look</button>
  </form>
)

type DoneProps = { query: URLSearchParams; recall: Recall | undefined; isOver: boolean }

const Cancelled = ({ query, recall, isOver }: DoneProps) => {
  const [count, failed] = [Number(query.get('count')), Number(query.get('failed'))]
  const cancelled = (
    <>
      {counted(count, 'order is', 'orders are')} cancelled.
      {failed > 0 && ` ${counted(failed, 'order')} could not be cancelled just now: look again, and repeat.`}
      {isOver && recall !== undefined && (
        <>
          {' '}
          All were gone through. The list follows within three seconds:{' '}
          <a href={`/console/recall?${new URLSearchParams(recall)}`}>look again</a>.
        </>
      )}
    </>
  )
  return <Done query={query} says={{ cancelled }} />
}

type FoundProps = {
  recall: Recall
  affected: Result<Affected, Problem>
  cursor: string | undefined
  now: Instant
}

const Found = ({ recall, affected, cursor, now }: FoundProps) => {
  if (!affected.ok) return <ProblemCard problem={affected.reason} />
  const { open, cancelled, rejected, cursor: rest } = affected.value
  const more = rest === undefined ? '' : ' or more'
  return (
    <section class="card" data-part="affected">
      <h2>{cursor === undefined ? 'Orders that would be cancelled' : 'Orders that are left'}</h2>
      <p role="status">
        {counted(open.length, 'order')}
        {more} would be cancelled. {counted(cancelled, 'was', 'were')} cancelled before,{' '}
        {counted(rejected, 'was rejected and holds', 'were rejected and hold')} nothing.
      </p>
      {open.length === 0 ? (
        rest !== undefined && (
          <a class="button" href={`/console/recall?${new URLSearchParams({ ...recall, cursor: rest })}`}>
            Look further back
          </a>
        )
      ) : (
        <>
          <div class="actions">
            <Action
              path="/console/recall"
              label={open.length > CANCELLED_A_CLICK ? `Cancel the next ${CANCELLED_A_CLICK}` : 'Cancel them'}
              isGrave
              says={`Stock goes back, and money is voided or refunded: ${CANCELLED_A_CLICK} orders with one click. For thousands there is the command below.`}
            >
              <Hidden of={{ ...recall, ...(cursor !== undefined && { cursor }) }} />
              <Field label="Reason" name="reason" isRequired />
            </Action>
          </div>
          <Orders orders={open.slice(0, SHOWN_MAX)} now={now} />
          <Empty
            title="The same from the command line, at a rate:"
            command={`npm run ops -- orders cancel --product ${recall.productId} --since ${recall.placedAfter} --dry-run`}
          />
        </>
      )}
    </section>
  )
}

const Orders = ({ orders, now }: { orders: Affected['open']; now: Instant }) => (
  <Table label="Orders that would be cancelled" heads={['Order', 'State', 'Total', 'Client', 'Placed']}>
    {orders.map((order) => (
      <tr>
        <td>
          <Id href={pathOf('console', 'orders', order.orderId)}>{order.orderId}</Id>
        </td>
        <td>
          <State of={order.status} />
        </td>
        <td class="num">{money(order.totalAmount, order.currency)}</td>
        <td>{order.client}</td>
        <td>
          <When at={order.placedAt} now={now} />
        </td>
      </tr>
    ))}
  </Table>
)
