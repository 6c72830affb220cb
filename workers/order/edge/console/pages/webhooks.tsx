import type { z } from 'zod'
import { actsForAll } from '../../../../../src/contracts/caller.ts'
import { listWebhooks, type webhookWithHealthSchema } from '../../../../../src/contracts/http/webhooks.ts'
import { WEBHOOK_TYPES } from '../../../../../src/contracts/webhook-types.ts'
import {
  Action,
  Choice,
  Done,
  Empty,
  Field,
  Id,
  Next,
  ProblemCard,
  Span,
  State,
  Switches,
  Table,
  When,
} from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

type Webhook = z.infer<typeof webhookWithHealthSchema>

const REFRESH_SECONDS = 10

const HEADS = [
  ...['Webhook', 'State', 'Health', 'Last failure', 'Pending', 'Failed', 'Next attempt', 'Address', 'Client'],
]

/** All webhooks, with the health of each. */
export const webhooksPage: PageOf = async ({ api, caller, query, now }) => {
  const filters = chosen(query, ['health', 'cursor'])
  const webhooks = await api.read(listWebhooks, '/webhooks', filters)
  const body = (
    <>
      <Done query={query} says={{ removed: 'The webhook is removed with its deliveries.' }} />
      <div class="actions">
        <Action
          path="/console/webhooks"
          label="Register a webhook"
          says={
            actsForAll(caller)
              ? 'It gets the events of all clients, because your key has the scope operations. Its secret is shown once.'
              : `It gets the events of ${caller.client}. Its secret is shown once.`
          }
        >
          <WebhookFields url="" types={[]} />
        </Action>
      </div>
      <form class="filters">
        <Choice label="Health" name="health" any="Any" options={['failing']} value={filters['health']} />
        <button type="submit">Filter</button>
      </form>
      <div data-part="webhooks">
        {webhooks.ok ? (
          <Webhooks webhooks={webhooks.value.items} isFiltered={filters['health'] !== undefined} now={now} />
        ) : (
          <ProblemCard problem={webhooks.reason} />
        )}
        <Next
          path="/console/webhooks"
          query={{ ...filters, cursor: webhooks.ok ? webhooks.value.nextCursor : undefined }}
        />
      </div>
    </>
  )
  return {
    title: 'Webhooks',
    body,
    refresh: REFRESH_SECONDS,
    ...(!webhooks.ok && { status: webhooks.reason.status }),
  }
}

type WebhooksProps = { webhooks: Webhook[]; isFiltered: boolean; now: number }

const Webhooks = ({ webhooks, isFiltered, now }: WebhooksProps) => {
  if (webhooks.length === 0 && isFiltered) return <Empty title="No address is failing." />
  if (webhooks.length === 0)
    return (
      <Empty
        title="No webhook is registered. From the command line:"
        command="npm run ops -- webhooks register ADDRESS --type OrderSettled"
      />
    )
  return (
    <Table label="Webhooks" heads={HEADS}>
      {webhooks.map((webhook) => (
        <WebhookRow webhook={webhook} now={now} />
      ))}
    </Table>
  )
}

const WebhookRow = ({ webhook, now }: { webhook: Webhook; now: number }) => {
  const { id, status, disabledReason, health, url, client } = webhook
  const path = pathOf('console', 'webhooks', id)
  return (
    <tr>
      <td>
        <Id href={path}>{id}</Id>
      </td>
      <td>
        <State of={status} /> {disabledReason}
      </td>
      <td>
        <HealthOf health={health} now={now} />
      </td>
      <td>{failureOf(health)}</td>
      <td class="num">
        <CountOf count={health.pending} href={`${path}?status=pending`} />
      </td>
      <td class="num">
        <CountOf count={health.failed} href={`${path}?status=failed`} />
      </td>
      <td>
        <NextAttempt at={health.nextTryAt} now={now} />
      </td>
      <td>{url}</td>
      <td>{client}</td>
    </tr>
  )
}

type FieldsProps = { url: string; types: readonly string[] }

export const WebhookFields = ({ url, types }: FieldsProps) => (
  <>
    <Field label="Address" name="url" type="url" isRequired value={url} />
    <Switches legend="Events" name="type" options={WEBHOOK_TYPES} chosen={types} />
  </>
)

type NextAttemptProps = { at: string | undefined; none?: string; now: number }

/** An attempt whose time has come waits for a free connection to the address. */
export const NextAttempt = ({ at, none = '–', now }: NextAttemptProps) => {
  if (at === undefined) return <>{none}</>
  return Date.parse(at) > now ? (
    <When at={at} now={now} />
  ) : (
    <>
      due <Span from={at} now={now} />
    </>
  )
}

type Health = Webhook['health']

/** Healthy, or failing since when and how often. */
export const HealthOf = ({ health, now }: { health: Health; now: number }) => (
  <>
    <State of={health.status} />
    {health.failingSince !== undefined && (
      <>
        {' '}
        <Span from={health.failingSince} now={now} />, {health.consecutiveFailures} in a row
      </>
    )}
  </>
)

/** How the last failed attempt ended. */
export const failureOf = ({ lastStatus, lastError }: Pick<Health, 'lastStatus' | 'lastError'>): string =>
  lastStatus === undefined ? (lastError ?? '–') : `status ${lastStatus}`

/** Counts end at 1 000. */
const COUNTED_MAX = 1_000

export const CountOf = ({ count, href }: { count: number; href: string }) =>
  count === 0 ? <>0</> : <a href={href}>{count >= COUNTED_MAX ? `${COUNTED_MAX} or more` : count}</a>
