import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import { WEBHOOK_TYPES, type WebhookType } from '../../src/contracts/webhook-types.ts'
import { Failure } from '../failure.mjs'
import { type Arguments, limitIn, numberIn, oneOf, onlyOne, required } from './arguments.ts'
import { type Command, noteOfNone, type Report, readAll } from './command.ts'
import { UsageError } from './usage.ts'

type Webhook = components['schemas']['WebhookWithHealth']
type Delivery = components['schemas']['WebhookDelivery']

export const WEBHOOK_COMMANDS: Record<string, Command> = {
  'webhooks list': async (api, { failing, limit }) => {
    const filter = { ...(failing && { health: 'failing' as const }) }
    const response = await readAll(
      (page) => api.GET('/webhooks', { params: { query: { ...filter, ...page } } }),
      limitIn(limit),
    )
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },

  'webhooks get': async (api, { ids }) => {
    const response = await orThrow(api.GET('/webhooks/{id}', { params: { path: { id: onlyOne(ids) } } }))
    return { rows: rowsOf(response), response }
  },

  'webhooks register': async (api, { ids, type }) => {
    const url = onlyOne(ids, 'Give one address.')
    const body = { url, types: typesIn(required(type, '--type')) }
    return withSecret(await orThrow(api.POST('/webhooks', { body })))
  },

  'webhooks change': async (api, { ids, address, type }) => {
    const params = { path: { id: onlyOne(ids) } }
    if (address === undefined && type === undefined) throw new UsageError('Give --address, --type, or both.')
    const body = {
      ...(address !== undefined && { url: address }),
      ...(type !== undefined && { types: typesIn(type) }),
    }
    const response = await orThrow(api.PATCH('/webhooks/{id}', { params, body }))
    return { rows: rowsOfSettings(response), response }
  },

  'webhooks rotate': async (api, { ids, overlap }) => {
    const params = { path: { id: onlyOne(ids) } }
    const body = { ...(overlap !== undefined && { overlapSeconds: numberIn(overlap, '--overlap') }) }
    return withSecret(await orThrow(api.POST('/webhooks/{id}/rotate', { params, body })))
  },

  'webhooks remove': async (api, { ids }) => {
    const path = { id: onlyOne(ids) }
    await orThrow(api.DELETE('/webhooks/{id}', { params: { path } }))
    return { rows: [[`${path.id} is removed.`]], response: path }
  },

  'webhooks deliveries': async (api, { ids, status, limit }) => {
    const path = { id: onlyOne(ids) }
    const filter = { ...(status !== undefined && { status: oneOf(STATUSES, status, '--status') }) }
    const response = await readAll(
      (page) => api.GET('/webhooks/{id}/deliveries', { params: { path, query: { ...filter, ...page } } }),
      limitIn(limit),
    )
    const rows = response.map(deliveryRow)
    return { rows, ...noteOfNone(rows), response }
  },

  'webhooks test': async (api, { ids }) => {
    const params = { path: { id: onlyOne(ids) } }
    const response = await orThrow(api.POST('/webhooks/{id}/test', { params }))
    const note = 'It is tried once: `webhooks deliveries` shows whether the address took it.'
    return { rows: [[`${response.id} is on its way.`]], note, response }
  },

  'webhooks enable': (api, { ids }) => setStatus(api, onlyOne(ids), 'enabled'),
  'webhooks disable': (api, { ids }) => setStatus(api, onlyOne(ids), 'disabled'),

  'webhooks resend': async (api, given) => {
    const [webhookId, ...deliveryIds] = given.ids
    if (webhookId === undefined) throw new UsageError('Give the id of a webhook.')
    if ((deliveryIds.length === 0) === (given.since === undefined))
      throw new UsageError('Give either --since or the ids of deliveries.')
    return deliveryIds.length > 0
      ? await resendThese(api, webhookId, deliveryIds)
      : await resendSince(api, webhookId, given)
  },
}

const STATUSES = ['pending', 'delivered', 'failed'] as const
const RESENT_STATUSES = ['failed', 'pending'] as const

const typesIn = (type: string): WebhookType[] =>
  type.split(',').map((each) => oneOf(WEBHOOK_TYPES, each, '--type'))

/** A repeated response leaves the secret out, and the first response never arrived. */
const withSecret = (response: components['schemas']['WebhookWithSecret']): Report => {
  const { id, secret, oldSecretExpiresAt } = response
  if (secret === undefined)
    throw new Failure(
      `The response with the secret of ${id} was lost.`,
      `Give it another one: npm run ops -- webhooks rotate ${id}`,
    )
  const rows = [...rowsOfSettings(response), ['secret', secret]]
  const overlap =
    oldSecretExpiresAt === undefined
      ? ''
      : ` Requests are signed with the old one too until ${oldSecretExpiresAt}.`
  return { rows, note: `The secret is shown only this once. Keep it safe.${overlap}`, response }
}

const rowsOfSettings = ({ id, status, url, types }: components['schemas']['Webhook']): string[][] => [
  ['id', id],
  ['status', status],
  ['address', url],
  ['events', types.join(', ')],
]

const setStatus = async (api: Client, id: string, status: 'enabled' | 'disabled'): Promise<Report> => {
  const response = await orThrow(api.PATCH('/webhooks/{id}', { params: { path: { id } }, body: { status } }))
  return { rows: [[`${response.id} is ${response.status}.`]], response }
}

const resendThese = async (api: Client, id: string, deliveryIds: readonly string[]): Promise<Report> => {
  const response: Delivery[] = []
  for (const deliveryId of deliveryIds) {
    const params = { path: { id, deliveryId } }
    response.push(await orThrow(api.POST('/webhooks/{id}/deliveries/{deliveryId}/resend', { params })))
  }
  return { rows: response.map((delivery) => [`${delivery.id} is on its way again.`]), response }
}

/** Portions that one command sends: a hundred deliveries each, so all that a webhook fails in a day and more. */
const PORTIONS_MAX = 1_000

/** Every portion, so that each call stays short. Deliveries that were made after the start are left out. */
const resendSince = async (api: Client, id: string, given: Arguments): Promise<Report> => {
  const { since, until = new Date().toISOString(), status = 'failed', 'dry-run': isDryRun = false } = given
  const filter = {
    since: required(since, '--since'),
    until,
    status: oneOf(RESENT_STATUSES, status, '--status'),
  }
  const resend = (how: object) =>
    orThrow(api.POST('/webhooks/{id}/resend', { params: { path: { id } }, body: { ...filter, ...how } }))
  const planned = await resend({ dryRun: true })
  const most = `${counted(planned.count)}${planned.hasMore ? ' or more' : ''}`
  if (isDryRun) return { rows: [[`${most} would be sent again.`]], response: planned }
  let sent = 0
  for (let portions = 0; portions < PORTIONS_MAX; portions += 1) {
    const { count, hasMore } = await resend({})
    sent += count
    if (!hasMore || count === 0) break
    console.error(`${sent} of ${most}`)
  }
  const note = 'They wait for free connections: `webhooks get` shows how many are pending.'
  return { rows: [[`${counted(sent)} sent again.`]], note, response: { count: sent } }
}

const counted = (count: number): string => `${count} ${count === 1 ? 'delivery' : 'deliveries'}`

const rowOf = ({ id, status, disabledReason, url, client, health }: Webhook): string[] => [
  ...[id, client, disabledReason === undefined ? status : `${status} (${disabledReason})`],
  health.status === 'healthy' ? 'healthy' : `failing since ${health.failingSince}, ${reasonOf(health)}`,
  ...[`${health.pending} pending`, `${health.failed} failed`, url],
]

const rowsOf = (webhook: Webhook): string[][] => {
  const { types, createdAt, health } = webhook
  return [
    ['webhook', ...rowOf(webhook)],
    ['events', types.join(', ')],
    ['made', createdAt],
    ['failures in a row', String(health.consecutiveFailures)],
    ['next attempt', health.nextTryAt ?? 'none is due'],
  ]
}

const reasonOf = ({ lastStatus, lastError }: { lastStatus?: number; lastError?: string }): string =>
  lastStatus === undefined ? (lastError ?? 'reason unknown') : `status ${lastStatus}`

const deliveryRow = (delivery: Delivery): string[] => [
  ...[delivery.id, delivery.createdAt, delivery.type, delivery.status, `${delivery.attempts} attempts`],
  delivery.lastTriedAt === undefined ? 'not tried yet' : reasonOf(delivery),
  delivery.nextTryAt === undefined ? '' : `next ${delivery.nextTryAt}`,
]
