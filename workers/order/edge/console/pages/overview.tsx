import { getReadiness } from '../../../../../src/contracts/http/health.ts'
import { getMetricsHistory, type PeriodView } from '../../../../../src/contracts/http/metrics.ts'
import { listDeadLetters } from '../../../../../src/contracts/http/operations.ts'
import { listOrders } from '../../../../../src/contracts/http/orders.ts'
import { listPauses } from '../../../../../src/contracts/http/pauses.ts'
import { readMetrics } from '../metrics-reading.ts'
import { Attention, findingsOf } from '../overview/attention.tsx'
import { Failures } from '../overview/failures.tsx'
import { Pipeline } from '../overview/pipeline.tsx'
import { Tiles } from '../overview/tiles.tsx'
import { Empty, refused } from '../parts.tsx'
import type { Asked, Content } from '../view.ts'

const REFRESH_SECONDS = 5
const FAILURES_READ = 10

/** Whether orders flow, at a glance. */
export const readOverview = async ({ api, now }: Pick<Asked, 'api' | 'now'>): Promise<Content> => {
  const [metrics, history, readiness, pauses, rejected, letters] = await Promise.all([
    api.text('/metrics'),
    api.read(getMetricsHistory, '/metrics/history'),
    api.read(getReadiness, '/readyz'),
    api.read(listPauses, '/pauses', { limit: 100 }),
    api.read(listOrders, '/orders', { status: 'rejected', limit: FAILURES_READ }),
    api.read(listDeadLetters, '/dead-letters', { status: 'open', limit: FAILURES_READ }),
  ])
  if (!metrics.ok || !history.ok) {
    const problem = metrics.ok ? !history.ok && history.reason : metrics.reason
    if (problem === false) throw new Error('Broken invariant: a refusal without a problem')
    return refused('Overview', problem)
  }
  const measured = { reading: readMetrics(metrics.value), minutes: history.value.minutes, now }
  const findings = findingsOf(measured, {
    readiness: readiness.ok ? readiness.value : undefined,
    pauses: pauses.ok ? pauses.value.items : [],
  })
  const body = (
    <>
      <div data-part="attention">
        <Attention findings={findings} />
      </div>
      <div data-part="tiles">
        <Tiles {...measured} />
      </div>
      <div class="cols">
        <section class="card">
          <h2>Orders by outcome, per minute</h2>
          <div class="chart" role="img" aria-label="Orders by outcome in each minute of the last hour" />
          <div data-part="history">
            <div hidden data-history={JSON.stringify(columnsOf(measured.minutes))} />
          </div>
          <noscript>
            <p class="dim">The chart needs a script. The tiles show the same hour.</p>
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
    </>
  )
  return { title: 'Overview', body, refresh: REFRESH_SECONDS }
}

/** The columns of the chart: seconds since 1970, and the orders of each outcome. */
const columnsOf = (minutes: readonly PeriodView[]): number[][] => [
  minutes.map(({ at }) => Date.parse(at) / 1_000),
  ...(['confirmed', 'rejected', 'cancelled'] as const).map((name) => minutes.map((each) => each[name])),
]
