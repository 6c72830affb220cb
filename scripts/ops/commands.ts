import { z } from 'zod'
import { createdKeySchema, listedKeySchema } from '../../src/contracts/http/keys.ts'
import { deadLetterViewSchema } from '../../src/contracts/http/operations.ts'
import { Failure } from '../failure.mjs'
import type { Call } from './call.ts'
import { UsageError } from './usage.ts'

/** What a command was given beside its name. */
export type Given = {
  ids: readonly string[]
  client?: string | undefined
  scopes?: string | undefined
  queue?: string | undefined
  status?: string | undefined
  reason?: string | undefined
}

/** What to print: rows for people, the answer for programs. */
export type Outcome = { rows: string[][]; note?: string; answer: unknown }

export type Command = (call: Call, given: Given) => Promise<Outcome>

/** Ten thousand items: who has more wants another tool. */
const PAGES_MAX = 100

export const COMMANDS: Record<string, Command> = {
  'keys create': async (call, { client, scopes }) => {
    const body = { client: required(client, '--client'), scopes: required(scopes, '--scopes').split(',') }
    const answer = createdKeySchema.parse(await call('POST', '/keys', body))
    const { id, key = '' } = answer
    const rows = [
      ['id', id],
      ['client', answer.client],
      ['scopes', answer.scopes.join(', ')],
      ['key', key],
    ]
    return { rows, note: 'The key is shown this one time. Keep it safe.', answer }
  },

  'keys list': async (call) => {
    const answer = await readAll(call, '/keys', listedKeySchema)
    const rows = answer.map((key) => [
      key.id,
      key.client,
      key.scopes.join(','),
      key.createdAt,
      key.revokedAt === undefined ? '' : `revoked ${key.revokedAt}`,
    ])
    return { rows, ...(rows.length === 0 && { note: 'There is no key but the bootstrap key.' }), answer }
  },

  'keys revoke': async (call, { ids }) => {
    const id = onlyOne(ids)
    await call('DELETE', `/keys/${encodeURIComponent(id)}`)
    return { rows: [[`${id} is revoked.`]], answer: { id, revoked: true } }
  },

  'dead-letters list': async (call, { status = 'open', queue }) => {
    const filter = new URLSearchParams({ ...(status !== 'all' && { status }), ...(queue && { queue }) })
    const answer = await readAll(call, '/dead-letters', deadLetterViewSchema, filter)
    const rows = answer.map(({ id, queue: inbox, reason, times, orderId = '', lastSeenAt, error }) => [
      ...[id, inbox, reason, `×${times}`, orderId, lastSeenAt],
      error.replaceAll(/\s+/g, ' ').slice(0, 100),
    ])
    return { rows, ...(rows.length === 0 && { note: 'There is none.' }), answer }
  },

  'dead-letters redrive': async (call, { ids, queue }) => {
    if ((ids.length === 0) === (queue === undefined))
      throw new UsageError('Give ids or --queue, one of them.')
    const body = ids.length === 0 ? { queue } : { ids }
    const answer = redrivenSchema.parse(await call('POST', '/dead-letters/redrive', body))
    const missing = ids.filter((id) => !answer.redriven.includes(id))
    if (missing.length > 0) {
      throw new Failure(
        `There is no dead letter ${missing.join(', ')}; ${answer.redriven.length} others were sent again.`,
        'npm run ops -- dead-letters list --status all shows the ids.',
      )
    }
    return { rows: answer.redriven.map((id) => [`${id} was sent again.`]), answer }
  },

  'dead-letters discard': async (call, { ids, reason }) => {
    const id = onlyOne(ids)
    const path = `/dead-letters/${encodeURIComponent(id)}/discard`
    const answer = await call('POST', path, { reason: required(reason, '--reason') })
    return { rows: [[`${id} is put away.`]], answer }
  },
}

const redrivenSchema = z.object({ redriven: z.array(z.string()) })

const required = (value: string | undefined, flag: string): string => {
  if (value === undefined || value === '') throw new UsageError(`${flag} is missing.`)
  return value
}

const onlyOne = (ids: readonly string[]): string => {
  const [id] = ids
  if (id === undefined || ids.length > 1) throw new UsageError('Give one id.')
  return id
}

/** Every page of a list. */
const readAll = async <Item>(
  call: Call,
  path: string,
  item: z.ZodType<Item>,
  filter = new URLSearchParams(),
): Promise<Item[]> => {
  const pageSchema = z.object({ items: z.array(item), nextCursor: z.string().optional() })
  const query = new URLSearchParams(filter)
  query.set('limit', '100')
  const items: Item[] = []
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = pageSchema.parse(await call('GET', `${path}?${query}`))
    items.push(...page.items)
    if (page.nextCursor === undefined) return items
    query.set('cursor', page.nextCursor)
  }
  return items
}
