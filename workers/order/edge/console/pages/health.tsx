import { getReadiness } from '../../../../../src/contracts/http/health.ts'
import type { WorkerParts, WorkerReadiness } from '../../../../../src/contracts/http/readiness.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import { type Reading, readMetrics } from '../metrics-reading.ts'
import { INBOXES, inboxOf, toneOf } from '../overview/reading.ts'
import { Id, ProblemCard, refused, Status, spanOf, Table, When } from '../parts.tsx'
import type { PageOf } from '../view.ts'
import { Laws, readAudit } from './laws.tsx'
import { Retention } from './retention.tsx'

const REFRESH_SECONDS = 5

/**
 * Each Worker: what it lacks and how to set it, and what it is made of. Then the queues and partitions, and on
 * request the laws of stock and money.
 */
export const healthPage: PageOf = async ({ api, now, query, retentionDays }) => {
  const areLawsAsked = query.get('laws') === 'checked'
  const [readiness, metrics, audit] = await Promise.all([
    api.read(getReadiness, '/readyz'),
    api.text('/metrics'),
    areLawsAsked ? readAudit(api) : undefined,
  ])
  if (!readiness.ok) return refused('Health', readiness.reason)
  const body = (
    <>
      <div class="halves" data-part="workers">
        {Object.entries(readiness.value.workers).map(([name, worker]) => (
          <Worker name={name} worker={worker} now={now} />
        ))}
      </div>
      <div data-part="measured">
        {metrics.ok ? (
          <Measured reading={readMetrics(metrics.value)} />
        ) : (
          <>
            <h2>Queues</h2>
            <ProblemCard problem={metrics.reason} />
          </>
        )}
      </div>
      <div class="stack">
        {metrics.ok && (
          <Retention
            days={retentionDays}
            reading={readMetrics(metrics.value)}
            parts={readiness.value.workers.order.parts}
          />
        )}
        <Laws audit={audit} />
      </div>
      <p>
        <a href="/readyz">/readyz</a> · <a href="/healthz">/healthz</a>
      </p>
    </>
  )
  // The laws are checked once, and not again and again.
  return { title: 'Health', body, refresh: areLawsAsked ? 0 : REFRESH_SECONDS }
}

type WorkerProps = { name: string; worker: WorkerReadiness; now: Instant }

const Worker = ({ name, worker, now }: WorkerProps) => (
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
    {worker.parts !== undefined && <Parts parts={worker.parts} now={now} />}
  </section>
)

const Parts = ({ parts: { bindings, settings, version }, now }: { parts: WorkerParts; now: Instant }) => (
  <>
    <dl class="facts">
      {version !== undefined && (
        <>
          <dt>Version</dt>
          <dd>
            {version.id === '' ? 'local' : <Id>{version.id}</Id>}
            {version.tag !== undefined && ` ${version.tag}`}
            {version.deployedAt !== undefined && (
              <>
                {' '}
                deployed <When at={version.deployedAt} now={now} />
              </>
            )}
          </dd>
        </>
      )}
      {[...Map.groupBy(bindings, ({ kind }) => kind)].map(([kind, group]) => (
        <>
          <dt>{kind}</dt>
          <dd>
            {group.map(({ name, migrations, newest }) => (
              <span class="binding">
                <code>{name}</code>
                {migrations !== undefined && (
                  <span class="dim">
                    {' '}
                    {migrations} applied, newest {newest}
                  </span>
                )}
              </span>
            ))}
          </dd>
        </>
      ))}
    </dl>
    <details>
      <summary>{settings.length} settings and secrets are set</summary>
      <p class="names">
        {settings.map((name) => (
          <>
            <code>{name}</code>{' '}
          </>
        ))}
      </p>
    </details>
  </>
)

const Measured = ({ reading }: { reading: Reading }) => (
  <div class="halves">
    <div>
      <h2>Queues</h2>
      <Table label="Queues" heads={['Queue', 'Messages', 'Oldest', 'State']}>
        {INBOXES.map((queue) => inboxOf(reading, queue)).map(({ queue, messages, seconds }) => (
          <tr>
            <td>
              <code>{queue}</code>
            </td>
            <td class="num">{messages.toLocaleString('en')}</td>
            <td class="num">{spanOf(seconds)}</td>
            <td>
              <Status tone={toneOf(seconds)}>{toneOf(seconds) === 'good' ? 'flows' : 'stands'}</Status>
            </td>
          </tr>
        ))}
      </Table>
    </div>
    <div>
      <h2>Partitions</h2>
      <Table label="Partitions" heads={['Partition', 'State', 'Size', 'Late']}>
        {reading
          .labelsWhere('edge_orders_partition_up', 'partition', () => true)
          .map((partition) => (
            <tr>
              <td>
                <code>{partition}</code>
              </td>
              <td>
                {reading.most('edge_orders_partition_up', { partition }) === 1 ? (
                  <Status tone="good">responds</Status>
                ) : (
                  <Status tone="bad">silent</Status>
                )}
              </td>
              <td class="num">{sizeOf(reading.most('edge_orders_partition_size_bytes', { partition }))}</td>
              <td class="num">{spanOf(reading.most('edge_orders_partition_late_seconds', { partition }))}</td>
            </tr>
          ))}
      </Table>
    </div>
  </div>
)

/** `1.5 MB`. A Durable Object holds 10 GB. */
const sizeOf = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
