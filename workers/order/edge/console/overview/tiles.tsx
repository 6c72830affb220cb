import type { Child } from 'hono/jsx'
import type { PeriodView } from '../../../../../src/contracts/http/metrics.ts'
import { Status, spanOf, type Tone } from '../parts.tsx'
import { count, INBOXES, inboxOf, type Measured, placedPerMinute, rate, sumOf, toneOf } from './reading.ts'
import { Bars, Line } from './sparkline.tsx'

type TileProps = {
  name: string
  value: string
  says: string
  tone?: Tone | undefined
  href: string
  children: Child
}

/** The whole tile leads to the page that has more. */
const Tile = ({ name, value, says, tone, href, children }: TileProps) => (
  <div class="tile">
    <h2>
      <a href={href}>{name}</a>
    </h2>
    <p class={tone}>{value}</p>
    <p>{tone === undefined ? says : <Status tone={tone}>{says}</Status>}</p>
    {children}
  </div>
)

/** How the system does, each figure with its last hour. */
export const Tiles = (measured: Measured) => (
  <div class="tiles">
    <Placed {...measured} />
    <Settled {...measured} />
    <Success {...measured} />
    <Pending {...measured} />
    <OldestMessage {...measured} />
    <DeadLetters {...measured} />
  </div>
)

const Placed = (measured: Measured) => {
  const values = measured.minutes.map(({ placed }) => placed)
  return (
    <Tile
      name="Orders a minute"
      value={rate(placedPerMinute(measured))}
      says={`${count(sumOf(measured.minutes, ({ placed }) => placed))} in the last hour`}
      href="/console/orders"
    >
      <Bars values={values} says={mostOf('orders in a minute', values)} />
    </Tile>
  )
}

/** The newest minute in which an order settled. */
const Settled = ({ minutes }: Measured) => {
  const values = minutes.map(({ settleSeconds }) => settleSeconds?.p95)
  const newest = minutes.findLast(({ settleSeconds }) => settleSeconds !== undefined)?.settleSeconds
  return (
    <Tile
      name="Time to settled"
      value={newest === undefined ? '–' : boundOf(newest.p50)}
      says={newest === undefined ? 'none settled in the last hour' : `p95 ${boundOf(newest.p95)}`}
      tone={newest === undefined || newest.p95 < 60 ? undefined : toneOf(newest.p95)}
      href="/console/orders"
    >
      <Line values={values} says={mostOf('seconds at p95', values)} />
    </Tile>
  )
}

const Success = ({ minutes }: Measured) => {
  const [confirmed, rejected] = [
    sumOf(minutes, (each) => each.confirmed),
    sumOf(minutes, (each) => each.rejected),
  ]
  const share = confirmed + rejected === 0 ? undefined : confirmed / (confirmed + rejected)
  const values = minutes.map(shareOf)
  return (
    <Tile
      name="Success"
      value={share === undefined ? '–' : `${(100 * share).toFixed(1)} %`}
      says={`${count(rejected)} rejected in the last hour`}
      href="/console/orders?status=rejected"
    >
      <Line values={values} says="share of confirmed orders by the minute" />
    </Tile>
  )
}

const shareOf = ({ confirmed, rejected }: PeriodView): number | undefined =>
  confirmed + rejected === 0 ? undefined : confirmed / (confirmed + rejected)

const Pending = ({ reading, minutes }: Measured) => {
  const pending = reading.sum('edge_orders_orders_pending')
  const oldest = reading.most('edge_orders_oldest_pending_order_seconds')
  const values = minutes.map((minute) => minute.pending)
  const tone = pending === 0 ? undefined : toneOf(oldest)
  return (
    <Tile
      name="Pending orders"
      value={count(pending)}
      says={pending === 0 ? 'none waits' : `oldest ${spanOf(oldest)}`}
      tone={tone}
      href="/console/orders?status=pending"
    >
      <Line values={values} says={mostOf('pending orders', values)} tone={tone} />
    </Tile>
  )
}

const OldestMessage = ({ reading, minutes }: Measured) => {
  const inboxes = INBOXES.map((queue) => inboxOf(reading, queue))
  const messages = inboxes.reduce((sum, each) => sum + each.messages, 0)
  const oldest = inboxes.reduce((one, other) => (other.seconds > one.seconds ? other : one))
  const values = minutes.map(({ oldestMessageSeconds: { inventory, payment, operations } }) =>
    Math.max(inventory, payment, operations),
  )
  const tone = messages === 0 ? undefined : toneOf(oldest.seconds)
  return (
    <Tile
      name="Oldest message"
      value={messages === 0 ? '–' : spanOf(oldest.seconds)}
      says={messages === 0 ? 'the inboxes are empty' : `${count(messages)} wait, ${oldest.queue}`}
      tone={tone}
      href="/console/health"
    >
      <Line values={values} says={mostOf('seconds that a message has waited', values)} tone={tone} />
    </Tile>
  )
}

const DeadLetters = ({ reading, minutes }: Measured) => {
  const open = reading.sum('edge_orders_dead_letters_open')
  const values = minutes.map(({ deadLetters }) => deadLetters)
  const came = sumOf(minutes, ({ deadLetters }) => deadLetters)
  return (
    <Tile
      name="Dead letters"
      value={count(open)}
      says={open === 0 ? 'none open' : `open, ${count(came)} new in the last hour`}
      tone={open === 0 ? undefined : 'bad'}
      href="/console/dead-letters"
    >
      <Bars values={values} says={mostOf('new dead letters in a minute', values)} tone="bad" />
    </Tile>
  )
}

const mostOf = (what: string, values: readonly (number | undefined)[]): string =>
  `last hour by the minute: at most ${count(Math.max(0, ...values.map((value) => value ?? 0)))} ${what}`

/** The last bound of the histogram. */
const LAST_BOUND_SECONDS = 900

const boundOf = (seconds: number): string => {
  if (seconds >= LAST_BOUND_SECONDS) return '≥ 5 min'
  if (seconds < 1) return `≤ ${seconds * 1_000} ms`
  return seconds < 60 ? `≤ ${seconds} s` : `≤ ${spanOf(seconds)}`
}
