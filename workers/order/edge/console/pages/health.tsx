import { getReadiness } from '../../../../../src/contracts/http/health.ts'
import type { WorkerReadiness } from '../../../../../src/contracts/http/readiness.ts'
import { SUBSCRIPTIONS } from '../../../../../src/contracts/topology.ts'
import { readMetrics } from '../metrics-reading.ts'
import { ProblemCard, Status, spanOf, Table } from '../parts.tsx'
import type { PageOf } from '../view.ts'

const REFRESH_SECONDS = 5
const QUEUES = [
  ...['inventory-inbox', 'payment-inbox', 'order-inbox', 'operations-inbox'],
  ...Object.keys(SUBSCRIPTIONS).map((subscriber) => `${subscriber}-inbox`),
]

/** Each Worker, what it lacks and how to set it, and the queues between them. */
export const healthPage: PageOf = async ({ api }) => {
  const [readiness, metrics] = await Promise.all([api.read(getReadiness, '/readyz'), api.text('/metrics')])
  if (!readiness.ok)
    return {
      title: 'Health',
      body: <ProblemCard problem={readiness.reason} />,
      status: readiness.reason.status,
    }
  const body = (
    <>
      <div class="stack" data-part="workers">
        {Object.entries(readiness.value.workers).map(([name, worker]) => (
          <Worker name={name} worker={worker} />
        ))}
      </div>
      <h2>Queues</h2>
      <div data-part="queues">
        {metrics.ok ? <Queues text={metrics.value} /> : <ProblemCard problem={metrics.reason} />}
      </div>
      <p>
        <a href="/readyz">/readyz</a> · <a href="/healthz">/healthz</a>
      </p>
    </>
  )
  return { title: 'Health', body, refresh: REFRESH_SECONDS }
}

const Worker = ({ name, worker }: { name: string; worker: WorkerReadiness }) => (
  <section class="card">
    <h2>
      {name} {worker.ready ? <Status tone="good">ready</Status> : <Status tone="bad">not ready</Status>}
    </h2>
    {[...worker.problems, ...(worker.errors ?? [])].map((text) => (
      <p>
        <Status tone="bad">problem</Status> {text}
      </p>
    ))}
    {(worker.warnings ?? []).map((text) => (
      <p>
        <Status tone="warn">warning</Status> {text}
      </p>
    ))}
  </section>
)

const Queues = ({ text }: { text: string }) => {
  const reading = readMetrics(text)
  return (
    <Table label="Queues" heads={['Queue', 'Messages', 'Oldest']}>
      {QUEUES.map((queue) => (
        <tr>
          <td>
            <code>{queue}</code>
          </td>
          <td class="num">{reading.sum('edge_orders_queue_messages', { queue })}</td>
          <td class="num">{spanOf(reading.most('edge_orders_queue_oldest_message_seconds', { queue }))}</td>
        </tr>
      ))}
    </Table>
  )
}
