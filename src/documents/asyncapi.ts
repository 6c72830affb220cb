import { EVENTS, type EventType } from '../contracts/events.ts'
import {
  ALL_SUBSCRIBERS,
  type Service,
  SUBSCRIBERS,
  SUBSCRIPTIONS,
  type Subscriber,
} from '../contracts/topology.ts'
import { ANNOUNCED, WEBHOOK_TYPES } from '../contracts/webhook-types.ts'
import { type EventVersion, eventVersions, messageSchema } from './event-schemas.ts'
import { API_VERSION } from './openapi.ts'

/** The AsyncAPI 3 document: the inboxes, the senders of each, and every version of every event. */
export const asyncApiDocument = () => ({
  asyncapi: '3.0.0',
  info: INFO,
  defaultContentType: 'application/cloudevents+json',
  channels: {
    ...Object.fromEntries(ALL_SUBSCRIBERS.map((service) => [inboxOf(service), inbox(service)])),
    webhooks: webhooks(),
  },
  operations: {
    ...Object.fromEntries(ALL_SUBSCRIBERS.flatMap((service) => [receives(service), ...sendsTo(service)])),
    'operations.sends.webhooks': operation('send', 'webhooks', {
      title: 'Operations sends to webhooks',
      service: 'operations',
      messages: webhookMessages(),
    }),
  },
  components: {
    messages: Object.fromEntries(eventVersions().map((version) => [nameOf(version), message(version)])),
  },
})

const INFO = {
  title: 'edge-orders events',
  version: API_VERSION,
  description: `Services talk to each other by events alone, over one queue for each subscriber: its inbox.

- An event is a CloudEvent in JSON. Its \`id\` is derived from the fact, so an event that is sent twice is the same event.
- A queue message is a CloudEvents batch, which is an array. A busy publisher packs many events into one message.
- Delivery is at least once and unordered. An event that arrives twice, late or out of order changes nothing.
- Ignore unknown fields of \`data\`: new ones may come. An event that cannot be read is kept as a dead letter, with its reason.`,
  license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
}

const inboxOf = (service: Subscriber): string => `${service}-inbox`

const nameOf = ({ type, version }: EventVersion): string => `${type}.v${version}`

const inbox = (service: Subscriber) => ({
  address: `edge-orders-${inboxOf(service)}`,
  title: `${capitalized(service)} inbox`,
  description: `A Cloudflare queue that only the ${service} service consumes. Events that it cannot handle go to \`edge-orders-${inboxOf(service)}-dlq\`, and then to the dead letters.`,
  messages: messagesOfChannel(messagesFor(service)),
})

const webhookMessages = (): EventVersion[] =>
  eventVersions().filter(
    ({ type, version }) =>
      version === EVENTS[type].version && ([...WEBHOOK_TYPES, 'WebhookTested'] as EventType[]).includes(type),
  )

const webhooks = () => ({
  address: null,
  title: 'Webhooks',
  description:
    'The addresses that were registered with `POST /webhooks`. Each gets its event types, as a POST of one CloudEvent, signed as in Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), at least once.',
  messages: messagesOfChannel(webhookMessages()),
})

/** The order service announces to operations the facts about orders that webhooks want, whichever service published them. */
const isAnnounced = (type: EventType): boolean => (ANNOUNCED as readonly EventType[]).includes(type)

const messagesFor = (service: Subscriber): EventVersion[] =>
  eventVersions().filter(({ type }) => ALL_SUBSCRIBERS.some((sender) => sends(sender, type, service)))

/** Whether a service sends an event into another's inbox. Each fact is acknowledged to the service that published it. */
const sends = (sender: Subscriber, type: EventType, service: Subscriber): boolean => {
  if (type === 'FactNoted') return acknowledges(sender).includes(service)
  const subscription = SUBSCRIPTIONS[service]
  if (subscription !== undefined) return sender === 'order' && subscription.includes(type)
  if (service === 'operations' && isAnnounced(type)) return sender === 'order'
  return (
    EVENTS[type].source === `/${sender}` && (SUBSCRIBERS[type] as readonly Subscriber[]).includes(service)
  )
}

/** A subscriber beyond the four services acknowledges to the order service. */
const acknowledges = (sender: Subscriber): readonly Subscriber[] =>
  sender in ACKNOWLEDGES ? ACKNOWLEDGES[sender as Service] : ['order']

const ACKNOWLEDGES: Record<Service, readonly Subscriber[]> = {
  order: ['inventory', 'payment', 'operations'],
  operations: ['inventory', 'order'],
  inventory: [],
  payment: [],
}

const receives = (service: Subscriber) => [
  `${service}.receives`,
  operation('receive', inboxOf(service), {
    title: `${capitalized(service)} receives`,
    service,
    messages: messagesFor(service),
  }),
]

/** One operation for each service that sends into the inbox. Only current versions are sent. */
const sendsTo = (service: Subscriber) =>
  ALL_SUBSCRIBERS.flatMap((sender) => {
    const messages = messagesFor(service).filter(
      ({ type, version }) => version === EVENTS[type].version && sends(sender, type, service),
    )
    const title = `${capitalized(sender)} sends to ${service}`
    const sending = operation('send', inboxOf(service), { title, service: sender, messages })
    return messages.length === 0 ? [] : [[`${sender}.sends.${service}`, sending]]
  })

type Operation = { title: string; service: Subscriber; messages: readonly EventVersion[] }

const operation = (action: 'send' | 'receive', channel: string, { title, service, messages }: Operation) => ({
  action,
  title,
  channel: { $ref: `#/channels/${channel}` },
  messages: messages.map((version) => ({ $ref: `#/channels/${channel}/messages/${nameOf(version)}` })),
  tags: [{ name: service }],
})

const messagesOfChannel = (versions: readonly EventVersion[]) =>
  Object.fromEntries(
    versions.map((version) => [nameOf(version), { $ref: `#/components/messages/${nameOf(version)}` }]),
  )

const message = (version: EventVersion) => {
  const { $schema, examples, ...payload } = messageSchema(version, 'draft-7')
  const isPlain = version.version < EVENTS[version.type].version
  return {
    name: version.type,
    title: payload.title,
    summary: version.summary,
    contentType: isPlain ? 'application/json' : 'application/cloudevents+json',
    payload,
    examples: examples.map((example) => ({ name: 'example', payload: example })),
  }
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
