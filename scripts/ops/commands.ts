import { type Client, orThrow, pages, type ReadPage } from '../../packages/client/src/index.ts'
import { SCOPES } from '../../src/contracts/caller.ts'
import { CONSUMERS } from '../../src/contracts/dead-letter.ts'
import { Failure } from '../failure.mjs'
import { UsageError } from './usage.ts'

/** What a command was given beside its name. */
export type Given = {
  ids: readonly string[]
  client?: string | undefined
  scopes?: string | undefined
  queue?: string | undefined
  status?: string | undefined
  reason?: string | undefined
  'no-cascade'?: boolean | undefined
}

/** What to print: rows for people, the answer for programs. */
export type Outcome = { rows: string[][]; note?: string; answer: unknown }

export type Command = (api: Client, given: Given) => Promise<Outcome>

/** Who has more wants another tool. */
const ITEMS_MAX = 10_000
const PAGE_SIZE = 100

export const COMMANDS: Record<string, Command> = {
  'keys create': async (api, { client, scopes }) => {
    const body = {
      client: required(client, '--client'),
      scopes: required(scopes, '--scopes')
        .split(',')
        .map((scope) => oneOf(SCOPES, scope, '--scopes')),
    }
    const answer = await orThrow(api.POST('/keys', { body }))
    const { id, key } = answer
    if (key === undefined) throw secretLost(id)
    const rows = [
      ['id', id],
      ['client', answer.client],
      ['scopes', answer.scopes.join(', ')],
      ['key', key],
    ]
    return { rows, note: 'The key is shown this one time. Keep it safe.', answer }
  },

  'keys list': async (api) => {
    const answer = await readAll((query) => api.GET('/keys', { params: { query } }))
    const rows = answer.map((key) => [
      key.id,
      key.client,
      key.scopes.join(','),
      key.createdAt,
      `made by ${key.createdBy ?? 'an unknown key'}`,
      key.revokedAt === undefined ? '' : `revoked ${key.revokedAt}`,
    ])
    return { rows, ...(rows.length === 0 && { note: 'There is no key but the bootstrap key.' }), answer }
  },

  'keys revoke': async (api, { ids, 'no-cascade': isAlone = false }) => {
    const id = onlyOne(ids)
    const query = { cascade: isAlone ? ('false' as const) : ('true' as const) }
    const answer = await orThrow(api.DELETE('/keys/{id}', { params: { path: { id }, query } }))
    const { revoked, disabled, livesOn } = answer ?? { ...NOTHING, revoked: [{ id, client: '' }] }
    const children = revoked.filter((key) => key.id !== id)
    const rows = [
      [`${id} is revoked.`],
      ...children.map((key) => [`${key.id} (${key.client}), a key that it made, is revoked.`]),
      ...disabled.map((webhook) => [`${webhook.id} (${webhook.client}), its webhook, is disabled.`]),
      ...[...livesOn.keys, ...(livesOn.webhooks ?? [])].map(goesOn),
    ]
    return { rows, answer: answer ?? { id, revoked: [], ...NOTHING } }
  },

  'rebuild orders': async (api) => {
    const answer = await orThrow(api.POST('/lists/orders/rebuild'))
    const note = 'The log says `the list of orders is filled` for each of them when it is done.'
    return { rows: [[`${answer.partitions} partitions list their orders anew.`]], note, answer }
  },

  'dead-letters list': async (api, { status = 'open', queue }) => {
    const filter = {
      ...(status !== 'all' && { status: oneOf(STATUSES, status, '--status') }),
      ...(queue !== undefined && { queue: oneOf(QUEUES, queue, '--queue') }),
    }
    const answer = await readAll((page) =>
      api.GET('/dead-letters', { params: { query: { ...filter, ...page } } }),
    )
    const rows = answer.map(({ id, queue: inbox, reason, times, first, orderId = '', lastSeenAt, error }) => [
      ...[id, inbox, reason, `×${times}${first === undefined ? '' : ', 2 variants'}`, orderId, lastSeenAt],
      error.replaceAll(/\s+/g, ' ').slice(0, 100),
    ])
    return { rows, ...(rows.length === 0 && { note: 'There is none.' }), answer }
  },

  'dead-letters redrive': async (api, { ids, queue }) => {
    if ((ids.length === 0) === (queue === undefined))
      throw new UsageError('Give ids or --queue, one of them.')
    const body = queue === undefined ? { ids: [...ids] } : { queue: oneOf(QUEUES, queue, '--queue') }
    const answer = await orThrow(api.POST('/dead-letters/redrive', { body }))
    const missing = ids.filter((id) => !answer.redriven.includes(id))
    if (missing.length > 0) {
      throw new Failure(
        `There is no dead letter ${missing.join(', ')}; ${answer.redriven.length} others were sent again.`,
        'npm run ops -- dead-letters list --status all shows the ids.',
      )
    }
    return { rows: answer.redriven.map((id) => [`${id} was sent again.`]), answer }
  },

  'dead-letters discard': async (api, { ids, reason }) => {
    const params = { path: { id: onlyOne(ids) } }
    const body = { reason: required(reason, '--reason') }
    const answer = await orThrow(api.POST('/dead-letters/{id}/discard', { params, body }))
    return { rows: [[`${answer.id} is put away.`]], answer }
  },
}

const NOTHING = { disabled: [], livesOn: { keys: [], webhooks: [] } }

const goesOn = ({ id, client, createdBy }: { id: string; client: string; createdBy: string | null }) => [
  createdBy === null
    ? `${id} (${client}) goes on: which key made it is not known. Look at it.`
    : `${id} (${client}) goes on: ${createdBy} made it.`,
]

const STATUSES = ['open', 'redriven', 'discarded'] as const
const QUEUES = CONSUMERS.map((consumer) => `${consumer}-inbox` as const)

/** A repeated answer leaves the secret out, and the first one never arrived. */
const secretLost = (id: string): Failure =>
  new Failure(
    `The key ${id} was made, but its secret was lost on the way.`,
    `Revoke it (npm run ops -- keys revoke ${id}) and create another.`,
  )

const required = (value: string | undefined, flag: string): string => {
  if (value === undefined || value === '') throw new UsageError(`${flag} is missing.`)
  return value
}

const onlyOne = (ids: readonly string[]): string => {
  const [id] = ids
  if (id === undefined || ids.length > 1) throw new UsageError('Give one id.')
  return id
}

const oneOf = <Word extends string>(words: readonly Word[], given: string, flag: string): Word => {
  const word = words.find((candidate) => candidate === given)
  if (word === undefined) throw new UsageError(`${flag} knows no "${given}". It takes ${words.join(', ')}.`)
  return word
}

type Page = { limit: number; cursor?: string }

/** Every page of a list. */
const readAll = async <Item>(read: (page: Page) => ReturnType<ReadPage<Item>>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const items of pages((page) => read({ limit: PAGE_SIZE, ...page }))) {
    all.push(...items)
    if (all.length >= ITEMS_MAX) break
  }
  return all
}
