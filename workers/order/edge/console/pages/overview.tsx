import { getReadiness } from '../../../../../src/contracts/http/health.ts'
import { listDeadLetters } from '../../../../../src/contracts/http/operations.ts'
import { listOrders } from '../../../../../src/contracts/http/orders.ts'
import { type Reading, readMetrics } from '../metrics-reading.ts'
import { Empty, Id, ProblemCard, State, Status, spanOf, Table, type Tone, When } from '../parts.tsx'
import { type PageOf, pathOf } from '../view.ts'

const REFRESH_SECONDS = 5
const FAILURES_SHOWN = 10

/** Whether orders flow, at a glance. */
export const overviewPage: PageOf = async ({ api, now }) => {
  const [metrics, readiness, rejected, letters] = await Promise.all([
    api.text('/metrics'),
    api.read(getReadiness, '/readyz'),
    api.read(listOrders, '/orders', { status: 'rejected', limit: FAILURES_SHOWN }),
    api.read(listDeadLetters, '/dead-letters', { status: 'open', limit: FAILURES_SHOWN }),
  ])
  if (!metrics.ok)
    return {
      title: 'Overview',
      body: <ProblemCard problem={metrics.reason} />,
      status: metrics.reason.status,
    }
  const reading = readMetrics(metrics.value)
  const isReady = readiness.ok && readiness.value.ready
  const body = (
    <>
      <div data-part="tiles">
        {!isReady && (
          <p class="problem" role="alert">
            <Status tone="bad">Not ready</Status> <a href="/console/health">What is missing</a>
          </p>
        )}
        <Tiles reading={reading} />
      </div>
      <div class="cols">
        <section class="card">
          <h2>Orders by outcome, per minute</h2>
          <div
            class="chart"
            role="img"
            aria-label="Orders per minute by outcome, over the last hour of this tab"
          />
          <p class="dim">The last hour, while this page is open.</p>
        </section>
        <section class="card">
          <h2>Pipeline</h2>
          <div data-part="pipeline">
            <Pipeline reading={reading} />
          </div>
        </section>
      </div>
      <h2>Latest failures</h2>
      <div data-part="failures">
        {rejected.ok && letters.ok ? (
          <Failures rejected={rejected.value.items} letters={letters.value.items} now={now} />
        ) : (
          <Empty title="The lists of failures are not available." />
        )}
      </div>
    </>
  )
  return { title: 'Overview', body, refresh: REFRESH_SECONDS }
}

type TileProps = { name: string; value: string; says: string; tone?: Tone | undefined }

const Tile = ({ name, value, says, tone }: TileProps) => (
  <dl class="tile">
    <dt>{name}</dt>
    <dd class={tone}>{value}</dd>
    <dd>{tone === undefined ? says : <Status tone={tone}>{says}</Status>}</dd>
  </dl>
)

const outcomesOf = (reading: Reading): number[] =>
  ['confirmed', 'rejected', 'cancelled'].map((outcome) =>
    reading.sum('edge_orders_orders_decided_total', { outcome }),
  )

const Tiles = ({ reading }: { reading: Reading }) => {
  const outcomes = outcomesOf(reading)
  const [confirmed = 0, rejected = 0] = outcomes
  const decided = confirmed + rejected
  const pending = reading.sum('edge_orders_orders_pending')
  const oldest = reading.most('edge_orders_oldest_pending_order_seconds')
  const stuck = reading.sum('edge_orders_orders_stuck')
  const letters = reading.sum('edge_orders_dead_letters_open')
  return (
    <div class="tiles" data-sample={JSON.stringify(outcomes)}>
      <Tile
        name="Orders placed"
        value={count(reading.sum('edge_orders_orders_placed_total'))}
        says="since the start"
      />
      <Tile
        name="Success"
        value={decided === 0 ? '–' : `${((100 * confirmed) / decided).toFixed(1)} %`}
        says={`${count(rejected)} rejected`}
      />
      <Tile name="Time to settled" value={timeOf(reading, 0.5)} says={`p95 ${timeOf(reading, 0.95)}`} />
      <Tile
        name="Pending"
        value={count(pending)}
        says={pending === 0 ? 'nothing waits' : `oldest ${spanOf(oldest)}`}
        tone={pending === 0 ? undefined : toneOf(oldest)}
      />
      <Tile
        name="Stuck"
        value={count(stuck)}
        says={stuck === 0 ? 'none' : 'needs a person'}
        tone={stuck === 0 ? undefined : 'bad'}
      />
      <Tile
        name="Dead letters"
        value={count(letters)}
        says={letters === 0 ? 'none open' : 'open'}
        tone={letters === 0 ? undefined : 'bad'}
      />
    </div>
  )
}

const count = (number: number): string => number.toLocaleString('en')

const timeOf = (reading: Reading, share: number): string => {
  const seconds = reading.quantile('edge_orders_order_settle_seconds', share)
  if (seconds === undefined) return '–'
  if (seconds === Number.POSITIVE_INFINITY) return '> 15 min'
  if (seconds < 1) return `≤ ${seconds * 1_000} ms`
  return seconds < 60 ? `≤ ${seconds} s` : `≤ ${spanOf(seconds)}`
}

/** Messages wait for milliseconds. After a minute a consumer is slow, after five it is likely to be down. */
const WARN_SECONDS = 60
const BAD_SECONDS = 300

const toneOf = (seconds: number): Tone => {
  if (seconds >= BAD_SECONDS) return 'bad'
  return seconds >= WARN_SECONDS ? 'warn' : 'good'
}

const ARROWS = [
  { queue: 'inventory-inbox', name: 'Order → inventory' },
  { queue: 'payment-inbox', name: 'Order → payment' },
  { queue: 'order-inbox', name: 'Reports → order' },
  { queue: 'operations-inbox', name: 'Order → webhooks' },
]

const SAYS: Readonly<Record<string, string>> = { good: 'flows', warn: 'slow', bad: 'stands' }

const Pipeline = ({ reading }: { reading: Reading }) => (
  <ul class="pipeline">
    {ARROWS.map(({ queue, name }) => {
      const messages = reading.sum('edge_orders_queue_messages', { queue })
      const age = reading.most('edge_orders_queue_oldest_message_seconds', { queue })
      const tone = toneOf(age)
      return (
        <li class={tone}>
          <span>
            {name}
            <br />
            <span class="dim">
              {count(messages)} waiting{messages > 0 && `, oldest ${spanOf(age)}`}
            </span>
          </span>
          <Status tone={tone}>{SAYS[tone] ?? tone}</Status>
        </li>
      )
    })}
  </ul>
)

type Rejected = {
  orderId: string
  placedAt: string
  status: string
  reason?: { code: string; detail: string } | undefined
}
type Letter = { id: string; reason: string; error: string; lastSeenAt: string; status: string }

const Failures = ({ rejected, letters, now }: { rejected: Rejected[]; letters: Letter[]; now: number }) => {
  const rows = [
    ...rejected.map(({ orderId, placedAt, status, reason }) => ({
      ...{ id: orderId, href: pathOf('console', 'orders', orderId), at: placedAt, status },
      why: reason === undefined ? '' : `${reason.code}: ${reason.detail}`,
    })),
    ...letters.map(({ id, reason, error, lastSeenAt }) => ({
      ...{
        id,
        href: `/console/dead-letters#${id}`,
        at: lastSeenAt,
        status: 'dead letter',
        why: `${reason}: ${error}`,
      },
    })),
  ]
    .sort((one, other) => other.at.localeCompare(one.at))
    .slice(0, FAILURES_SHOWN)
  if (rows.length === 0) return <Empty title="Nothing has failed." />
  return (
    <Table label="Latest failures" heads={['What', 'State', 'Why', 'When']}>
      {rows.map(({ id, href, at, status, why }) => (
        <tr>
          <td>
            <Id href={href}>{id}</Id>
          </td>
          <td>
            {status === 'dead letter' ? <Status tone="bad">dead letter</Status> : <State of={status} />}
          </td>
          <td class="wrap">{why}</td>
          <td>
            <When at={at} now={now} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
