import { getReadiness } from '../../../../../src/contracts/http/health.ts'
import {
  getMetricsDay,
  getMetricsHistory,
  type PeriodView,
} from '../../../../../src/contracts/http/metrics.ts'
import { listDeadLetters } from '../../../../../src/contracts/http/operations.ts'
import { listOrders } from '../../../../../src/contracts/http/orders.ts'
import { listPauses } from '../../../../../src/contracts/http/pauses.ts'
import { readMetrics } from '../metrics-reading.ts'
import { Attention, findingsOf } from '../overview/attention.tsx'
import { Failures } from '../overview/failures.tsx'
import { HalfHours } from '../overview/half-hours.tsx'
import { Pipeline } from '../overview/pipeline.tsx'
import { RangeSwitch, rangeIn } from '../overview/range.tsx'
import { RANGES, type Shown } from '../overview/reading.ts'
import { Tiles } from '../overview/tiles.tsx'
import { Empty, refused } from '../parts.tsx'
import type { Asked, Content } from '../view.ts'

const REFRESH_SECONDS = 5
const FAILURES_READ = 10

type Question = Pick<Asked, 'api' | 'query' | 'now'>

/** Whether orders flow, at a glance, and since when. */
export const readOverview = async ({ api, query, now }: Question): Promise<Content> => {
  const range = rangeIn(query)
  const [metrics, history, day, readiness, pauses, rejected, letters] = await Promise.all([
    api.text('/metrics'),
    api.read(getMetricsHistory, '/metrics/history'),
    range === 'day' ? api.read(getMetricsDay, '/metrics/day') : undefined,
    api.read(getReadiness, '/readyz'),
    api.read(listPauses, '/pauses', { limit: 100 }),
    api.read(listOrders, '/orders', { status: 'rejected', limit: FAILURES_READ }),
    api.read(listDeadLetters, '/dead-letters', { status: 'open', limit: FAILURES_READ }),
  ])
  if (!metrics.ok) return refused('Overview', metrics.reason)
  if (!history.ok) return refused('Overview', history.reason)
  if (day?.ok === false) return refused('Overview', day.reason)
  const shown: Shown = { range, periods: day === undefined ? history.value.minutes : day.value.halfHours }
  const measured = { reading: readMetrics(metrics.value), minutes: history.value.minutes, now }
  const findings = findingsOf(measured, {
    readiness: readiness.ok ? readiness.value : undefined,
    pauses: pauses.ok ? pauses.value.items : [],
  })
  const body = (
    <>
      <div class="first">
        <div data-part="attention">
          <Attention findings={findings} />
        </div>
        <RangeSwitch shown={range} />
      </div>
      <div data-part="tiles">
        <Tiles {...measured} {...shown} />
      </div>
      <div class="cols">
        <section class="card">
          <h2>Orders by outcome, per {RANGES[range].period}</h2>
          <div
            class="chart"
            role="img"
            aria-label={`Orders by outcome in each ${RANGES[range].period} of the last ${RANGES[range].length}`}
          />
          <div data-part="history">
            <div hidden data-history={JSON.stringify(columnsOf(shown.periods))} />
          </div>
          <noscript>
            <p class="dim">The chart needs a script. The tiles show the same {RANGES[range].length}.</p>
          </noscript>
        </section>
        <section class="card">
          <h2>Pipeline</h2>
          <div data-part="pipeline">
            <Pipeline {...measured} />
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
      {range === 'day' && (
        <>
          <h2>By the half hour</h2>
          <div data-part="half-hours">
            <HalfHours halfHours={shown.periods} />
          </div>
        </>
      )}
    </>
  )
  return { title: 'Overview', body, refresh: REFRESH_SECONDS }
}

/** The columns of the chart: seconds since 1970, and the orders of each outcome. */
const columnsOf = (periods: readonly PeriodView[]): number[][] => [
  periods.map(({ at }) => Date.parse(at) / 1_000),
  ...(['confirmed', 'rejected', 'cancelled'] as const).map((name) => periods.map((each) => each[name])),
]
