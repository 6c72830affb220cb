import { EVENTS } from '../contracts/events.ts'
import { WEBHOOK_TYPES } from '../contracts/webhook-types.ts'
import { type EventVersion, eventVersions, messageSchema } from './event-schemas.ts'

/** The requests that the system posts to a registered address, by the event's type: the test event, and every type of a webhook. */
export const documentedWebhooks = () =>
  eventVersions()
    .filter(({ type, version }) => POSTED.has(type) && version === EVENTS[type].version)
    .map(documented)

const POSTED: ReadonlySet<string> = new Set([...WEBHOOK_TYPES, 'WebhookTested'])

/** Headers of Standard Webhooks, which every post has. */
export const WEBHOOK_HEADERS = {
  'webhook-id': {
    description: "The delivery's id, the same on every attempt: it identifies a repeated delivery.",
    schema: { type: 'string' },
    example: 'msg_01m84cect7ws6kqky32zvfd1pr',
  },
  'webhook-timestamp': {
    description: 'When this attempt was sent, in seconds since 1970. Refuse a request that is minutes old.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
    example: '1795443609',
  },
  'webhook-signature': {
    description:
      '`v1,` and the HMAC-SHA256 in base64 of `{webhook-id}.{webhook-timestamp}.{body}` under the secret. While two secrets are valid there is one of each, with a space between them.',
    schema: { type: 'string' },
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  },
} as const

const documented = (event: EventVersion) => {
  const { $schema, examples, ...schema } = messageSchema(event, 'draft-2020-12')
  return {
    operationId: `on${event.type}`,
    tags: ['Webhooks'],
    summary: `${event.type} is posted`,
    description: `${event.summary}\n\nPosted to the webhooks that want it, at least once and in no order. Verify the signature over the unchanged body, and respond within 15 seconds.`,
    method: 'post' as const,
    path: event.type,
    security: [],
    parameters: Object.keys(WEBHOOK_HEADERS).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    request: {
      body: {
        required: true,
        content: { 'application/cloudevents+json': { schema: schema as object, example: examples[0] } },
      },
    },
    responses: RESPONSES,
  }
}

const RESPONSES = {
  '2XX': { description: 'Accepted: it is not sent again.' },
  410: { description: 'Never again: the webhook is disabled.' },
  default: {
    description: 'Any other status, also a redirect: the same request is sent again, for about a day.',
  },
}
