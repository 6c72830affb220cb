import type { z } from 'zod'
import type { webhookWithSecretSchema } from '../../../../../src/contracts/http/webhooks.ts'
import { Secret, State } from '../parts.tsx'
import { pathOf } from '../view.ts'

type Webhook = z.infer<typeof webhookWithSecretSchema>

/** A webhook that was just registered or got another secret. Where the form was sent a second time, no secret is shown. */
export const WebhookSecret = ({ webhook }: { webhook: Webhook }) => {
  const { id, url, types, status, hears, secret, oldSecretExpiresAt } = webhook
  return (
    <>
      <section class="card">
        <dl class="facts">
          <dt>Secret</dt>
          <dd>
            <Secret of={secret} advice="If it was lost, rotate it." />
          </dd>
          {oldSecretExpiresAt !== undefined && (
            <>
              <dt>Old secret</dt>
              <dd>
                Requests are signed with it too until{' '}
                <time datetime={oldSecretExpiresAt}>
                  {oldSecretExpiresAt.slice(0, 16).replace('T', ' ')} UTC
                </time>
                .
              </dd>
            </>
          )}
          <dt>Address</dt>
          <dd>{url}</dd>
          <dt>Events</dt>
          <dd>
            {types.join(', ')}, {hears === 'all' ? 'of all clients' : 'of its own client'}
          </dd>
          <dt>State</dt>
          <dd>
            <State of={status} />
          </dd>
        </dl>
      </section>
      <p>
        <a class="button" href={pathOf('console', 'webhooks', id)}>
          Go to the webhook
        </a>
      </p>
    </>
  )
}
