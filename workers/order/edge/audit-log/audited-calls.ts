import type { AuditDetails, AuditKind } from '../../../../src/contracts/audit-entry.ts'
import type { API } from '../../../../src/contracts/http/api.ts'
import { eraseCustomer } from '../../../../src/contracts/http/customers.ts'
import { resendDeliveries, resendDelivery } from '../../../../src/contracts/http/deliveries.ts'
import { sendPoison, setFaults, setOutage } from '../../../../src/contracts/http/drills.ts'
import { switchFeedOff } from '../../../../src/contracts/http/feed.ts'
import {
  pauseFeedConsumer,
  putFeedConsumer,
  removeFeedConsumer,
  resumeFeedConsumer,
  seekFeedConsumer,
} from '../../../../src/contracts/http/feed-consumers.ts'
import { adjustStock, putProduct } from '../../../../src/contracts/http/inventory.ts'
import { createKey, revokeKey } from '../../../../src/contracts/http/keys.ts'
import {
  rebuildMovementList,
  rebuildOrderList,
  rebuildPaymentList,
} from '../../../../src/contracts/http/lists.ts'
import { cancelOrder } from '../../../../src/contracts/http/orders.ts'
import { pauseOrders, resumeOrders } from '../../../../src/contracts/http/pauses.ts'
import { requestRefund } from '../../../../src/contracts/http/payments.ts'
import { switchProductFeedOff } from '../../../../src/contracts/http/product-feed.ts'
import { replayEvents } from '../../../../src/contracts/http/replays.ts'
import {
  changeWebhook,
  registerWebhook,
  removeWebhook,
  rotateWebhookSecret,
} from '../../../../src/contracts/http/webhooks.ts'
import type { InnerWorkerName } from '../inner-workers.ts'

/** A JSON object of a request or a response, which its own schema has checked or will check. */
export type Json = Readonly<Record<string, unknown>>

/** The parts of a path. `orderId` is the order's unique id. */
export type Params = Readonly<Record<string, string>>

type ApiCall = (typeof API)[keyof typeof API][number]

export type AuditedCall = {
  call: ApiCall
  kind: AuditKind
  action: string
  /** The id of the subject. A subject that the call makes has its id in the response. */
  subject(params: Params, response: Json): string
  /** Where the subject is read before the call, and the Worker that has it. `order` is this Worker. */
  read?: { from: InnerWorkerName | 'order'; path(params: Params): string }
  /** The fields that the log shows of what was read. */
  before?(subject: Json): AuditDetails
  /** The same, where the response tells what was before. */
  beforeOf?(response: Json, request: Json): AuditDetails
  /** What was asked for: shown where the call's end was not seen. */
  asked?(request: Json): AuditDetails
  /** The fields that the log shows after the call. */
  after?(response: Json, request: Json): AuditDetails
  /** The call may find everything as it asks for it. Then there is nothing to log. */
  mayChangeNothing?: true
}

const at = (...parts: readonly (string | undefined)[]): string =>
  `/${parts.map((part) => encodeURIComponent(part ?? '')).join('/')}`

const pick =
  (...names: readonly string[]) =>
  (json: Json): AuditDetails =>
    Object.fromEntries(names.flatMap((name) => (json[name] === undefined ? [] : [[name, json[name]]])))

const idIn =
  (name: string) =>
  (params: Params): string =>
    params[name] ?? ''

const idOfNew = (_params: Params, { id }: Json): string => (typeof id === 'string' ? id : 'new')

/** As many ids of keys and webhooks as an entry names. */
const IDS_MAX = 50

const idsIn = (value: unknown): unknown =>
  Array.isArray(value) ? value.slice(0, IDS_MAX).map(({ id }: { id: string }) => id) : []

/** A path or a query of an address may be a secret of its own: only the host is shown. */
const hostOf = (url: unknown): AuditDetails =>
  typeof url === 'string' && URL.canParse(url) ? { host: new URL(url).host } : {}

const webhookOf = (webhook: Json): AuditDetails => ({
  ...hostOf(webhook['url']),
  ...pick('types', 'status', 'hears', 'client')(webhook),
})

const levelOf = pick('onHand', 'reserved', 'available')

/** An adjustment changes what is on hand, and with it what is available. */
const levelBefore = ({ onHand, reserved, available }: Json, { delta }: Json): AuditDetails => ({
  onHand: Number(onHand) - Number(delta),
  reserved,
  available: Number(available) - Number(delta),
})

const webhookRead = { from: 'operations', path: ({ id }: Params) => at('webhooks', id) } as const

const rebuild = (call: ApiCall, list: string): AuditedCall => ({
  ...{ call, kind: 'list', action: 'rebuilt', subject: () => list },
  after: pick('partitions'),
})

/** What a pause is about; before the call ends, the log has the product in what was asked for. */
const pausedSubject = (_params: Params, { productId }: Json): string =>
  typeof productId === 'string' ? productId : 'orders'

const erasureOf = (erased: Json, asked: Json): AuditDetails => ({
  ...pick('client')(asked),
  ...pick('orders', 'deadLetters')(erased),
})

const startOfFeed = pick('at', 'time', 'orderId')

const DRILL_FIELDS = ['isDown', 'queue', 'duplicates', 'delaySeconds', 'crashing', 'stopped', 'bank']

const drill = (call: ApiCall, action: string): AuditedCall => ({
  ...{ call, kind: 'drill', action, subject: () => call.route.path },
  asked: pick(...DRILL_FIELDS),
  after: pick(...DRILL_FIELDS, 'eventId'),
})

/** The calls whose effect the edge logs. */
export const AUDITED: readonly AuditedCall[] = [
  {
    ...{ call: createKey, kind: 'key', action: 'created', subject: idOfNew },
    asked: pick('client', 'scopes', 'bounds'),
    after: pick('client', 'scopes', 'bounds'),
  },
  {
    ...{ call: revokeKey, kind: 'key', action: 'revoked', subject: idIn('id') },
    after: ({ revoked, disabled }) => ({
      ...(revoked !== undefined && { revokedKeys: idsIn(revoked) }),
      ...(disabled !== undefined && { disabledWebhooks: idsIn(disabled) }),
    }),
  },
  {
    ...{ call: cancelOrder, kind: 'order', action: 'cancelled', subject: idIn('orderId') },
    read: { from: 'order', path: ({ orderId }) => at('orders', orderId) },
    before: pick('status', 'totalAmount', 'currency'),
    after: pick('status', 'totalAmount', 'currency'),
    mayChangeNothing: true,
  },
  {
    ...{ call: requestRefund, kind: 'payment', action: 'refund_requested', subject: idIn('orderId') },
    read: { from: 'payment', path: ({ orderId }) => at('payments', orderId) },
    before: pick('status', 'capturedAmount', 'refundedAmount', 'currency'),
    asked: pick('amount'),
    after: pick('refundId', 'amount', 'currency', 'status'),
  },
  {
    ...{ call: adjustStock, kind: 'stock', action: 'adjusted', subject: idIn('productId') },
    beforeOf: levelBefore,
    asked: pick('delta'),
    after: (level, asked) => ({ ...pick('delta')(asked), ...levelOf(level) }),
  },
  {
    ...{ call: putProduct, kind: 'product', action: 'put', subject: idIn('productId') },
    read: { from: 'inventory', path: ({ productId }) => at('products', productId) },
    before: pick('name', 'unitPrice', 'currency'),
    asked: pick('name', 'unitPrice', 'currency'),
    after: pick('name', 'unitPrice', 'currency'),
    mayChangeNothing: true,
  },
  {
    ...{ call: registerWebhook, kind: 'webhook', action: 'registered', subject: idOfNew },
    asked: webhookOf,
    after: webhookOf,
  },
  {
    ...{ call: changeWebhook, kind: 'webhook', action: 'changed', subject: idIn('id') },
    ...{ read: webhookRead, before: webhookOf, asked: webhookOf, after: webhookOf },
  },
  {
    ...{ call: removeWebhook, kind: 'webhook', action: 'removed', subject: idIn('id') },
    ...{ read: webhookRead, before: webhookOf },
  },
  {
    ...{ call: rotateWebhookSecret, kind: 'webhook', action: 'secret_rotated', subject: idIn('id') },
    after: pick('oldSecretExpiresAt'),
  },
  {
    ...{ call: resendDelivery, kind: 'webhook', action: 'delivery_resent', subject: idIn('id') },
    after: pick('id', 'type'),
  },
  {
    ...{ call: resendDeliveries, kind: 'webhook', action: 'deliveries_resent', subject: idIn('id') },
    asked: pick('since', 'until', 'status', 'limit'),
    after: ({ count }, asked) => ({ ...pick('since', 'until', 'status')(asked), count }),
  },
  {
    ...{ call: pauseOrders, kind: 'pause', action: 'paused', subject: pausedSubject },
    asked: pick('productId'),
    after: pick('productId'),
  },
  {
    ...{ call: resumeOrders, kind: 'pause', action: 'lifted', subject: pausedSubject },
    ...{ asked: pick('productId'), after: pick('productId', 'wasPaused') },
  },
  {
    ...{ call: replayEvents, kind: 'replay', action: 'sent', subject: () => 'events' },
    asked: pick('to', 'types', 'orderIds', 'placedAfter', 'placedBefore'),
    after: (sent, asked) => ({
      ...pick('to', 'types', 'orderIds', 'placedAfter', 'placedBefore')(asked),
      ...pick('orders', 'events', 'heldBack')(sent),
    }),
  },
  {
    // The customer's id is no part of it: the log would keep what the call erases.
    ...{ call: eraseCustomer, kind: 'order', action: 'customer_erased', subject: () => 'orders' },
    asked: pick('client'),
    beforeOf: (_erased, asked) => erasureOf({ orders: [], deadLetters: 0 }, asked),
    ...{ after: erasureOf, mayChangeNothing: true },
  },
  { call: switchFeedOff, kind: 'feed', action: 'switched_off', subject: () => 'orders' },
  { call: switchProductFeedOff, kind: 'feed', action: 'switched_off', subject: () => 'products' },
  {
    ...{ call: putFeedConsumer, kind: 'feed', action: 'consumer_put', subject: idIn('name') },
    ...{ asked: pick('types', 'start'), after: pick('types') },
  },
  { call: removeFeedConsumer, kind: 'feed', action: 'consumer_removed', subject: idIn('name') },
  {
    ...{ call: seekFeedConsumer, kind: 'feed', action: 'consumer_moved', subject: idIn('name') },
    ...{ asked: startOfFeed, after: (_moved, asked) => startOfFeed(asked) },
  },
  { call: pauseFeedConsumer, kind: 'feed', action: 'consumer_paused', subject: idIn('name') },
  { call: resumeFeedConsumer, kind: 'feed', action: 'consumer_resumed', subject: idIn('name') },
  rebuild(rebuildOrderList, 'orders'),
  rebuild(rebuildPaymentList, 'payments'),
  rebuild(rebuildMovementList, 'movements'),
  drill(setFaults, 'faults_set'),
  drill(setOutage, 'outage_set'),
  drill(sendPoison, 'poison_sent'),
]
