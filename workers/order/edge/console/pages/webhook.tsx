import type { z } from 'zod'
import { type deliverySchema, listDeliveries } from '../../../../../src/contracts/http/deliveries.ts'
import { getWebhook, type webhookWithHealthSchema } from '../../../../../src/contracts/http/webhooks.ts'
import { Action, Choice, Done, Empty, Hidden, Id, Next, refused, State, Table, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'
import { planResend, Resend } from '../webhooks/bulk-resend.tsx'
import { CountOf, failureOf, HealthOf, NextAttempt, WebhookFields } from './webhooks.tsx'

type Webhook = z.infer<typeof webhookWithHealthSchema>
type Delivery = z.infer<typeof deliverySchema>

const STATUSES = ['pending', 'delivered', 'failed']
const REFRESH_SECONDS = 5

/** One webhook: how its address fares, and what was sent to it. */
export const webhookPage: PageOf = async ({ api, id, query, now }) => {
  const filters = chosen(query, ['status', 'cursor'])
  const [webhook, deliveries, plan] = await Promise.all([
    api.read(getWebhook, pathOf('webhooks', id)),
    api.read(listDeliveries, pathOf('webhooks', id, 'deliveries'), filters),
    planResend(api, id, query, now),
  ])
  if (!webhook.ok) return refused('Webhook', webhook.reason)
  if (!deliveries.ok) return refused('Webhook', deliveries.reason)
  const path = pathOf('console', 'webhooks', id)
  const body = (
    <>
      <DoneWith query={query} />
      <Actions webhook={webhook.value} path={path} />
      <div class="stack">
        <Facts webhook={webhook.value} path={path} now={now} />
        <Resend path={path} query={query} plan={plan} />
      </div>
      <h2 id="deliveries">Deliveries</h2>
      <form class="filters" action={path}>
        <Choice label="Status" name="status" any="Any" options={STATUSES} value={filters['status']} />
        <button type="submit">Filter</button>
      </form>
      <div data-part="deliveries">
        <Deliveries {...{ deliveries: deliveries.value.items, path, now }} status={filters['status']} />
        <Next path={path} query={{ ...filters, cursor: deliveries.value.nextCursor }} />
      </div>
    </>
  )
  return { title: 'Webhook', body, refresh: plan === undefined ? REFRESH_SECONDS : 0 }
}

const DoneWith = ({ query }: { query: URLSearchParams }) => {
  const count = Number(query.get('count') ?? 1)
  const sent =
    count === 1 ? 'The delivery is on its way again.' : `${count} deliveries are on their way again.`
  const says = {
    tested: 'A test event is on its way.',
    enabled: 'The webhook is enabled. Events of the time while it was disabled are not sent.',
    disabled: 'The webhook is disabled. Its pending deliveries are given up.',
    changed: 'The webhook is changed.',
    resent: sent,
    'resent-some': `${sent} More match: count them once more, and send them too.`,
  }
  return <Done query={query} says={says} />
}

const Actions = ({ webhook, path }: { webhook: Webhook; path: string }) => (
  <div class="actions">
    {webhook.status === 'disabled' ? (
      <Action
        path={`${path}/enable`}
        label="Enable"
        says="Orders that are placed from then on are announced to it again."
      />
    ) : (
      <>
        <Action
          path={`${path}/test`}
          label="Send a test"
          says="An event of type WebhookTested is sent, and tried once. It does not wait for the end of a rest."
        />
        <Action
          path={`${path}/disable`}
          label="Disable"
          isGrave
          says="It gets no more events. Its pending deliveries are given up, and can be sent again later."
        />
      </>
    )}
    <Action
      path={`${path}/change`}
      label="Change"
      says="Another address is checked first. Events that are added come for orders that are placed from then on."
    >
      <Hidden of={{ wasUrl: webhook.url }} />
      <WebhookFields url={webhook.url} types={webhook.types} />
    </Action>
    <Action
      path={`${path}/rotate`}
      label="Rotate the secret"
      says="A new secret is made, and shown once. In the meantime requests are signed with both."
    >
      <Choice
        label="Sign with the old one too"
        name="overlapSeconds"
        options={OVERLAPS}
        value={OVERLAP_DEFAULT}
      />
    </Action>
    <Action
      path={`${path}/remove`}
      label="Remove"
      isGrave
      says="It is removed for good with its deliveries. To stop it for a while, disable it."
    />
  </div>
)

/** How long a receiver may need to get the new secret. */
const OVERLAPS = [
  { value: '3600', text: 'for an hour' },
  { value: '86400', text: 'for a day' },
  { value: '604800', text: 'for a week' },
  { value: '0', text: 'not at all: it has leaked' },
]
const OVERLAP_DEFAULT = '86400'

const Facts = ({ webhook, path, now }: { webhook: Webhook; path: string; now: number }) => {
  const { health } = webhook
  return (
    <section class="card" data-part="facts">
      <dl class="facts">
        <dt>Webhook</dt>
        <dd>
          <Id>{webhook.id}</Id>
        </dd>
        <dt>State</dt>
        <dd>
          <State of={webhook.status} /> {webhook.disabledReason}
        </dd>
        <dt>Health</dt>
        <dd>
          <HealthOf health={health} now={now} />
        </dd>
        <dt>Last failure</dt>
        <dd>{failureOf(health)}</dd>
        <dt>Next attempt</dt>
        <dd>
          <NextAttempt at={health.nextTryAt} none="none is due" now={now} />
        </dd>
        <dt>Pending</dt>
        <dd>
          <CountOf count={health.pending} href={`${path}?status=pending#deliveries`} />
        </dd>
        <dt>Failed</dt>
        <dd>
          <CountOf count={health.failed} href={`${path}?status=failed#deliveries`} />
        </dd>
        <dt>Address</dt>
        <dd>{webhook.url}</dd>
        <dt>Events</dt>
        <dd>
          {webhook.types.join(', ')}, {webhook.hears === 'all' ? 'of all clients' : 'of its own client'}
        </dd>
        <dt>Client</dt>
        <dd>{webhook.client}</dd>
      </dl>
    </section>
  )
}

const HEADS = ['Delivery', 'State', 'Event', 'Tries', 'Last response', 'Next attempt', 'Made', 'Again']

type DeliveriesProps = { deliveries: Delivery[]; path: string; now: number; status: string | undefined }

const Deliveries = ({ deliveries, path, now, status }: DeliveriesProps) => {
  if (deliveries.length === 0)
    return (
      <Empty
        title={
          status === undefined
            ? 'Nothing was sent to it in the last seven days.'
            : `No delivery is ${status} on this page.`
        }
      />
    )
  return (
    <Table label="Deliveries" heads={HEADS}>
      {deliveries.map((delivery) => (
        <tr>
          <td>
            <Id>{delivery.id}</Id>
          </td>
          <td>
            <State of={delivery.status} />
          </td>
          <td>{delivery.type}</td>
          <td class="num">{delivery.attempts}</td>
          <td>{delivery.lastStatus ?? delivery.lastError ?? '–'}</td>
          <td>
            <NextAttempt at={delivery.nextTryAt} now={now} />
          </td>
          <td>
            <When at={delivery.createdAt} now={now} />
          </td>
          <td>
            <Action
              path={`${path}${pathOf('deliveries', delivery.id, 'resend')}`}
              label="Resend"
              says="It is sent again under the same id, with the same body."
            />
          </td>
        </tr>
      ))}
    </Table>
  )
}
