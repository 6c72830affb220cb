import type { z } from 'zod'
import { type deliverySchema, listDeliveries } from '../../../../../src/contracts/http/deliveries.ts'
import { getWebhook, listWebhooks } from '../../../../../src/contracts/http/webhooks.ts'
import { Action, Empty, Id, Next, ProblemCard, State, Table, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

type Delivery = z.infer<typeof deliverySchema>

const REFRESH_SECONDS = 5

export const webhooksPage: PageOf = async ({ api, query, now }) => {
  const webhooks = await api.read(listWebhooks, '/webhooks', chosen(query, ['cursor']))
  if (!webhooks.ok)
    return {
      title: 'Webhooks',
      body: <ProblemCard problem={webhooks.reason} />,
      status: webhooks.reason.status,
    }
  const { items, nextCursor } = webhooks.value
  const body = (
    <>
      {items.length === 0 ? (
        <Empty title="No webhook is registered. POST /webhooks registers one:" command="/docs#tag/webhooks" />
      ) : (
        <Table label="Webhooks" heads={['Webhook', 'State', 'Address', 'Client', 'Events', 'Made']}>
          {items.map((webhook) => (
            <tr>
              <td>
                <Id href={pathOf('console', 'webhooks', webhook.id)}>{webhook.id}</Id>
              </td>
              <td>
                <State of={webhook.status} /> {webhook.disabledReason}
              </td>
              <td>{webhook.url}</td>
              <td>{webhook.client}</td>
              <td class="num">{webhook.types.length}</td>
              <td>
                <When at={webhook.createdAt} now={now} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Next path="/console/webhooks" query={{ cursor: nextCursor }} />
    </>
  )
  return { title: 'Webhooks', body }
}

const DONE: Readonly<Record<string, string>> = {
  tested: 'A test event is on its way.',
  resent: 'The delivery is on its way again.',
}

/** One webhook and what was sent to it. */
export const webhookPage: PageOf = async ({ api, id, query, now }) => {
  const [webhook, deliveries] = await Promise.all([
    api.read(getWebhook, pathOf('webhooks', id)),
    api.read(listDeliveries, pathOf('webhooks', id, 'deliveries'), chosen(query, ['cursor'])),
  ])
  if (!webhook.ok)
    return { title: 'Webhook', body: <ProblemCard problem={webhook.reason} />, status: webhook.reason.status }
  if (!deliveries.ok)
    return {
      title: 'Webhook',
      body: <ProblemCard problem={deliveries.reason} />,
      status: deliveries.reason.status,
    }
  const done = DONE[query.get('done') ?? '']
  const path = pathOf('console', 'webhooks', id)
  const body = (
    <>
      {done !== undefined && (
        <p class="done" role="status">
          {done}
        </p>
      )}
      <div class="actions">
        <Action
          path={`${path}/test`}
          label="Send a test"
          says="An event of type WebhookTested is sent, and tried once."
        />
      </div>
      <section class="card">
        <dl class="facts">
          <dt>State</dt>
          <dd>
            <State of={webhook.value.status} /> {webhook.value.disabledReason}
          </dd>
          <dt>Address</dt>
          <dd>{webhook.value.url}</dd>
          <dt>Events</dt>
          <dd>{webhook.value.types.join(', ')}</dd>
          <dt>Client</dt>
          <dd>{webhook.value.client}</dd>
        </dl>
      </section>
      <h2>Deliveries</h2>
      <div data-part="deliveries">
        <Deliveries deliveries={deliveries.value.items} path={path} now={now} />
        <Next path={path} query={{ cursor: deliveries.value.nextCursor }} />
      </div>
    </>
  )
  return { title: 'Webhook', body, refresh: REFRESH_SECONDS }
}

type DeliveriesProps = { deliveries: Delivery[]; path: string; now: number }

const Deliveries = ({ deliveries, path, now }: DeliveriesProps) => {
  if (deliveries.length === 0) return <Empty title="Nothing was sent to it in the last seven days." />
  return (
    <Table
      label="Deliveries"
      heads={['Delivery', 'State', 'Event', 'Tries', 'Last response', 'Made', 'Again']}
    >
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
