import type { Child } from 'hono/jsx'
import { Json, Status, type Tone } from '../parts.tsx'
import { pathOf } from '../view.ts'
import { isFailure, type Story, serviceOf } from './story.ts'

type Row = { at: string; name: Child; by: string; tone: Tone; says?: Child; of: object }

/** Everything that happened to the order, oldest first: events, what the bank did, dead letters, webhooks and operators. */
export const Timeline = ({ story, isFailedOnly }: { story: Story; isFailedOnly: boolean }) => {
  const all = rowsOf(story).sort((one, other) => one.at.localeCompare(other.at))
  const rows = isFailedOnly ? all.filter(({ tone }) => tone === 'bad') : all
  const start = Date.parse(all[0]?.at ?? '')
  return (
    <>
      <p class="links">
        {isFailedOnly ? <a href="?">All that happened</a> : <a href="?failed=true">Only what failed</a>}
      </p>
      {rows.length === 0 && <p class="dim">Nothing has failed.</p>}
      <ol class="timeline">
        {rows.map((row, index) => (
          <li class={`is-${row.tone}`}>
            <span class="at" title={`${row.at.replace('T', ' ').replace('Z', '')} UTC`}>
              +{sinceOf(Date.parse(row.at) - start)}
            </span>
            <div class="what">
              <strong>{row.name}</strong> <span class="dim">{row.by}</span>{' '}
              <span class="dim delay">{delayOf(rows[index - 1], row)}</span>{' '}
              {row.tone === 'bad' && <Status tone="bad">failed</Status>}
              {row.says !== undefined && <p>{row.says}</p>}
              <Json title="Details" of={row.of} />
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

/** `412 ms`, `1.2 s`, `3 min`. */
const sinceOf = (ms: number): string => {
  if (ms < 1_000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.round(ms / 60_000).toLocaleString('en')} min`
}

const delayOf = (before: Row | undefined, row: Row): string =>
  before === undefined ? '' : `Δ ${sinceOf(Date.parse(row.at) - Date.parse(before.at))}`

const rowsOf = (story: Story): Row[] => [
  ...story.events.map((event) => ({
    ...{ at: event.time, name: event.type, by: `by ${serviceOf(event)}`, of: event },
    tone: isFailure(event) ? ('bad' as const) : ('good' as const),
    ...reasonIn(event.data),
  })),
  ...(story.bank ?? []).flatMap((operation) =>
    operation.at === undefined
      ? []
      : {
          ...{
            at: operation.at,
            name: `Bank: ${operation.type}`,
            by: `key ${keyOf(operation)}`,
            of: operation,
          },
          tone: operation.outcome === 'succeeded' ? ('off' as const) : ('bad' as const),
          says: `${operation.outcome}, ${operation.amount} ${story.order.currency}`,
        },
  ),
  ...(story.deadLetters ?? []).map((letter) => ({
    ...{ at: letter.firstSeenAt, by: `in ${letter.queue}`, of: letter },
    ...{ tone: letter.status === 'open' ? ('bad' as const) : ('warn' as const) },
    name: <a href={`/console/dead-letters?status=${letter.status}#${letter.id}`}>Dead letter</a>,
    says: `${letter.reason}: ${letter.error}`,
  })),
  ...(story.deliveries ?? []).map((delivery) => ({
    ...{ at: delivery.createdAt, by: delivery.type, of: delivery },
    ...{ tone: delivery.status === 'failed' ? ('bad' as const) : ('off' as const) },
    name: <a href={pathOf('console', 'webhooks', delivery.webhookId)}>Webhook</a>,
    says: `${delivery.status}, ${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}`,
  })),
  ...(story.audit ?? []).map((entry) => ({
    ...{ at: entry.at, name: `Dead letter ${entry.action}`, by: `by ${entry.client}`, of: entry },
    tone: 'off' as const,
    ...(entry.reason !== undefined && { says: entry.reason }),
  })),
]

/** The last part of the idempotency key: `authorize/1`. */
const keyOf = ({ idempotencyKey }: { idempotencyKey: string }): string =>
  idempotencyKey.split('/').slice(-2).join('/')

const reasonIn = (data: object): { says?: string } => {
  const reason = 'reason' in data ? data.reason : undefined
  if (typeof reason === 'string') return { says: reason }
  if (typeof reason !== 'object' || reason === null || !('detail' in reason)) return {}
  return { says: String(reason.detail) }
}
