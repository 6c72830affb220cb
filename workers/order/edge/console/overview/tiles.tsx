import type { Child } from 'hono/jsx'
import type { PeriodView } from '../../../../../src/contracts/http/metrics.ts'
import { Status, spanOf, type Tone } from '../parts.tsx'
import {
  boundOf,
  clockOf,
  count,
  INBOXES,
  inboxOf,
  type Measured,
  oldestOf,
  percent,
  placedPerMinute,
  RANGES,
  rate,
  type Shown,
  successOf,
  sumOf,
  toneOf,
} from './reading.ts'
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

type Figures = Measured & Shown

/** How the system does, each figure with the hour or the day before. */
export const Tiles = (figures: Figures) => (
  <div class="tiles">
    <Placed {...figures} />
    <Settled {...figures} />
    <Success {...figures} />
    <Pending {...figures} />
    <OldestMessage {...figures} />
    <DeadLetters {...figures} />
  </div>
)

const Placed = (figures: Figures) => {
  const values = figures.periods.map(({ placed }) => placed)
  return (
    <Tile
      name="Orders a minute"
      value={rate(placedPerMinute(figures))}
      says={`${count(sumOf(figures.periods, ({ placed }) => placed))} in the last ${RANGES[figures.range].length}`}
      href="/console/orders"
    >
      <Bars values={values} says={mostOf(figures, `orders in a ${RANGES[figures.range].period}`, values)} />
    </Tile>
  )
}

/** The newest period in which an order settled, and the worst one. */
const Settled = (shown: Shown) => {
  const values = shown.periods.map(({ settleSeconds }) => settleSeconds?.p95)
  const newest = shown.periods.findLast(({ settleSeconds }) => settleSeconds !== undefined)?.settleSeconds
  return (
    <Tile
      name="Time to settled"
      value={newest === undefined ? '–' : boundOf(newest.p50)}
      says={
        newest === undefined
          ? `none settled in the last ${RANGES[shown.range].length}`
          : `p95 ${boundOf(newest.p95)}${worstThan(newest.p95, shown.periods)}`
      }
      tone={newest === undefined || newest.p95 < 60 ? undefined : toneOf(newest.p95)}
      href="/console/orders"
    >
      <Line values={values} says={mostOf(shown, 'seconds at p95', values)} />
    </Tile>
  )
}

/** When it was worse than now at p95, and how much. */
const worstThan = (p95: number, periods: readonly PeriodView[]): string => {
  const p95Of = (period: PeriodView) => period.settleSeconds?.p95 ?? 0
  const worst = periods.reduce<PeriodView | undefined>(
    (one, other) => (one === undefined || p95Of(other) > p95Of(one) ? other : one),
    undefined,
  )
  if (worst === undefined || p95Of(worst) <= p95) return ''
  return `; at ${clockOf(worst.at)} UTC ${boundOf(p95Of(worst))}`
}

const Success = ({ periods, range }: Shown) => {
  const values = periods.map((period) => successOf([period]))
  return (
    <Tile
      name="Success"
      value={percent(successOf(periods))}
      says={`${count(sumOf(periods, ({ rejected }) => rejected))} rejected in the last ${RANGES[range].length}`}
      href="/console/orders?status=rejected"
    >
      <Line values={values} says={`share of confirmed orders by the ${RANGES[range].period}`} />
    </Tile>
  )
}

const Pending = (figures: Figures) => {
  const { reading, periods } = figures
  const pending = reading.sum('edge_orders_orders_pending')
  const oldest = reading.most('edge_orders_oldest_pending_order_seconds')
  const values = periods.map((period) => period.pending)
  const tone = pending === 0 ? undefined : toneOf(oldest)
  return (
    <Tile
      name="Pending orders"
      value={count(pending)}
      says={pending === 0 ? 'none waits' : `oldest ${spanOf(oldest)}`}
      tone={tone}
      href="/console/orders?status=pending"
    >
      <Line values={values} says={mostOf(figures, 'pending orders', values)} tone={tone} />
    </Tile>
  )
}

const OldestMessage = (figures: Figures) => {
  const { reading, periods } = figures
  const inboxes = INBOXES.map((queue) => inboxOf(reading, queue))
  const messages = inboxes.reduce((sum, each) => sum + each.messages, 0)
  const oldest = inboxes.reduce((one, other) => (other.seconds > one.seconds ? other : one))
  const values = periods.map(oldestOf)
  const tone = messages === 0 ? undefined : toneOf(oldest.seconds)
  return (
    <Tile
      name="Oldest message"
      value={messages === 0 ? '–' : spanOf(oldest.seconds)}
      says={messages === 0 ? 'the inboxes are empty' : `${count(messages)} wait, ${oldest.queue}`}
      tone={tone}
      href="/console/health"
    >
      <Line values={values} says={mostOf(figures, 'seconds that a message has waited', values)} tone={tone} />
    </Tile>
  )
}

const DeadLetters = (figures: Figures) => {
  const { reading, periods, range } = figures
  const open = reading.sum('edge_orders_dead_letters_open')
  const values = periods.map(({ deadLetters }) => deadLetters)
  const came = sumOf(periods, ({ deadLetters }) => deadLetters)
  return (
    <Tile
      name="Dead letters"
      value={count(open)}
      says={open === 0 ? 'none open' : `open, ${count(came)} new in the last ${RANGES[range].length}`}
      tone={open === 0 ? undefined : 'bad'}
      href="/console/dead-letters"
    >
      <Bars
        values={values}
        says={mostOf(figures, `new dead letters in a ${RANGES[range].period}`, values)}
        tone="bad"
      />
    </Tile>
  )
}

const mostOf = ({ range }: Shown, what: string, values: readonly (number | undefined)[]): string =>
  `last ${RANGES[range].length} by the ${RANGES[range].period}: at most ${count(Math.max(0, ...values.map((value) => value ?? 0)))} ${what}`
