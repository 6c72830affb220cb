import { type components, orThrow } from '../../packages/client/src/index.ts'
import { FEEDS, oneOf, onlyOne, required } from './arguments.ts'
import { type Command, noteOfNone, type Report } from './command.ts'
import { typesIn } from './event-types.ts'

type Consumer = components['schemas']['FeedConsumer']

/** The named consumers of the feeds. */
export const CONSUMER_COMMANDS: Record<string, Command> = {
  'consumers list': async (api) => {
    const response = (await orThrow(api.GET('/feed/consumers'))).items
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },

  'consumers get': async (api, { ids }) => {
    const response = await orThrow(api.GET('/feed/consumers/{name}', { params: named(ids) }))
    const { types = ['all'], createdAt, committedAt = 'never', lease, blocked } = response
    const details = [
      ['types', types.join(', ')],
      ['made', createdAt],
      ['last commit', committedAt],
      ['lease', lease === undefined ? 'none yet' : `${lease.holder ?? 'no name'}, until ${lease.expiresAt}`],
      ...(blocked === undefined ? [] : [['blocked', blocked]]),
    ]
    return { rows: [rowOf(response), ...details], response }
  },

  'consumers put': async (api, { ids, feed, from, type }) => {
    const body = {
      ...(feed !== undefined && { feed: oneOf(FEEDS, feed, '--feed') }),
      ...typesIn(type),
      ...(from !== undefined && { start: startOf(from) }),
    }
    return shown(await orThrow(api.PUT('/feed/consumers/{name}', { params: named(ids), body })))
  },

  'consumers seek': async (api, { ids, from }) => {
    const params = named(ids)
    const body = startOf(required(from, '--from'))
    return shown(await orThrow(api.POST('/feed/consumers/{name}/seek', { params, body })))
  },

  'consumers pause': async (api, { ids }) =>
    shown(await orThrow(api.POST('/feed/consumers/{name}/pause', { params: named(ids) }))),

  'consumers resume': async (api, { ids }) =>
    shown(await orThrow(api.POST('/feed/consumers/{name}/resume', { params: named(ids) }))),

  'consumers test': async (api, { ids }) => {
    const response = await orThrow(api.POST('/feed/consumers/{name}/test', { params: named(ids) }))
    return { rows: [[`${response.eventId} is on its way.`]], response }
  },

  'consumers remove': async (api, { ids }) => {
    const params = named(ids)
    await orThrow(api.DELETE('/feed/consumers/{name}', { params }))
    return { rows: [[`${params.path.name} is removed.`]], response: params.path }
  },
}

const named = (ids: readonly string[]) => ({ path: { name: onlyOne(ids, 'Give the name of one consumer.') } })

/** `oldest`, `now`, a time, or else the id of an order. */
const startOf = (from: string) => {
  if (from === 'oldest' || from === 'now') return { at: from } as const
  return IS_TIME.test(from) ? { time: from } : { orderId: from }
}

const IS_TIME = /^\d{4}-\d\d-\d\dT/

const shown = (response: Consumer): Report => ({ rows: [rowOf(response)], response })

const rowOf = ({ name, feed, health, lag, lastError }: Consumer): string[] => [
  ...[name, feed, health],
  ...(lag === undefined ? ['lag unknown', ''] : [`${lag.events} events`, `${lag.seconds} s`]),
  lastError === undefined ? '' : `${lastError.at} ${lastError.message}`,
]
