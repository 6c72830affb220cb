import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import { CONSUMERS } from '../../src/contracts/dead-letter.ts'
import { Failure } from '../failure.mjs'
import { type Arguments, limitIn, numberIn, oneOf, onlyOne, required } from './arguments.ts'
import { type Command, noteOfNone, type Report, readAll } from './command.ts'
import { UsageError } from './usage.ts'

type Letter = components['schemas']['DeadLetterDetail']
type Redriven = components['schemas']['RedrivenDeadLetters']

export const DEAD_LETTER_COMMANDS: Record<string, Command> = {
  'dead-letters list': async (api, { status = 'open', queue, reason, type, limit }) => {
    const filter = {
      ...(status !== 'all' && { status: oneOf(STATUSES, status, '--status') }),
      ...groupOf({ queue, reason, type }),
    }
    const response = await readAll(
      (page) => api.GET('/dead-letters', { params: { query: { ...filter, ...page } } }),
      limitIn(limit),
    )
    const rows = response.map(
      ({ id, queue: inbox, reason: why, times, first, orderId = '', lastSeenAt, error }) => [
        ...[id, inbox, why, `×${times}${first === undefined ? '' : ', 2 variants'}`, orderId, lastSeenAt],
        shortened(error),
      ],
    )
    return { rows, ...noteOfNone(rows), response }
  },

  'dead-letters groups': async (api, { status = 'open', queue }) => {
    const query = { status: oneOf(STATUSES, status, '--status'), ...groupOf({ queue }) }
    const response = await orThrow(api.GET('/dead-letter-groups', { params: { query } }))
    const rows = response.groups.map(({ letters, reason, lastSeenAt, error, ...group }) => [
      ...[String(letters), group.queue, reason, `last ${lastSeenAt}`, shortened(error)],
    ])
    const note = response.hasMore
      ? { note: 'There are more letters or groups than these.' }
      : noteOfNone(rows)
    return { rows, ...note, response }
  },

  'dead-letters show': async (api, { ids }) => {
    const params = { path: { id: onlyOne(ids) } }
    const response = await orThrow(api.GET('/dead-letters/{id}', { params }))
    return { rows: rowsOf(response), note: JSON.stringify(response.event, null, 2), response }
  },

  'dead-letters redrive': (api, given) => {
    const group = groupOf(given)
    if ((given.ids.length === 0) === (Object.keys(group).length === 0))
      throw new UsageError('Give either ids, or --queue, --reason, --type or --error.')
    const rate = given.rate === undefined ? {} : { rate: numberIn(given.rate, '--rate') }
    const wanted = given.ids.length > 0 ? { ids: [...given.ids] } : group
    if (given['dry-run']) return planRedrive(api, { ...wanted, limit: limitIn(given.limit) ?? LETTERS_MAX })
    return given.ids.length > 0
      ? redriveThese(api, given.ids, rate)
      : redriveGroup(api, { ...group, ...rate }, limitIn(given.limit))
  },

  'dead-letters discard': async (api, given) => {
    const reason = required(given.reason, '--reason')
    const { queue, type, error } = given
    const group = groupOf({ queue, type, error, reason: given['of-reason'] })
    if ((given.ids.length === 0) === (Object.keys(group).length === 0))
      throw new UsageError('Give either ids, or --queue, --of-reason, --type or --error.')
    const [id] = given.ids
    if (id !== undefined && given.ids.length === 1 && !given['dry-run'])
      return await discardOne(api, id, reason)
    const letters = given.ids.length > 0 ? { ids: [...given.ids] } : group
    const dryRun = given['dry-run'] === true
    return await discardMany(api, { reason, letters, dryRun }, limitIn(given.limit))
  },
}

const STATUSES = ['open', 'redriven', 'discarded'] as const
const QUEUES = CONSUMERS.map((consumer) => `${consumer}-inbox` as const)

/** As many as one call takes. */
const LETTERS_MAX = 100

/** With a rate, one call takes as many letters as are delivered in so many seconds: then there is something to tell. */
const PORTION_SECONDS = 10

/** What the letters of a group have in common: the flags that were given. */
const groupOf = ({ queue, reason, type, error }: Pick<Arguments, 'queue' | 'reason' | 'type' | 'error'>) => ({
  ...(queue !== undefined && { queue: oneOf(QUEUES, queue, '--queue') }),
  ...(reason !== undefined && { reason }),
  ...(type !== undefined && { type }),
  ...(error !== undefined && { error }),
})

type Redrive = components['schemas']['RedriveDeadLetters']

const planRedrive = async (api: Client, wanted: Partial<Redrive>): Promise<Report> => {
  const body = { ...wanted, limit: Math.min(wanted.limit ?? LETTERS_MAX, LETTERS_MAX), dryRun: true }
  const response = await orThrow(api.POST('/dead-letters/redrive', { body }))
  return { rows: rowsOfPlan(response), response }
}

const rowsOfPlan = ({ plan = { ids: [], invalid: [] }, remaining }: Redriven): string[][] => {
  const { ids, invalid } = plan
  const matching = remaining === undefined || remaining <= ids.length ? '' : ` of ${remaining} that match`
  return [
    [
      `${ids.length}${matching} would be sent again: ${ids.length - invalid.length} can be read, ${invalid.length} cannot.`,
    ],
    ...invalid.flatMap(({ id, errors }) => errors.map(({ path, message }) => [id, path, message])),
  ]
}

const redriveThese = async (
  api: Client,
  ids: readonly string[],
  rate: { rate?: number },
): Promise<Report> => {
  const response = await orThrow(api.POST('/dead-letters/redrive', { body: { ids: [...ids], ...rate } }))
  const missing = ids.filter((id) => !response.redriven.includes(id))
  if (missing.length > 0) {
    throw new Failure(
      `There is no dead letter ${missing.join(', ')}. The other ${response.redriven.length} were sent again.`,
      'npm run ops -- dead-letters list --status all shows the ids.',
    )
  }
  return { rows: response.redriven.map((id) => [`${id} was sent again.`]), response }
}

/**
 * Call by call, until none is left. A letter that fails again meanwhile is not taken once more: it was last seen after
 * the start. With a rate, each call waits until the letters of the one before it are delivered.
 */
const redriveGroup = async (
  api: Client,
  group: Partial<Redrive> & { rate?: number },
  most = Number.POSITIVE_INFINITY,
): Promise<Report> => {
  const { rate } = group
  const portion = rate === undefined ? LETTERS_MAX : Math.min(LETTERS_MAX, Math.ceil(rate * PORTION_SECONDS))
  const seenBefore = new Date().toISOString()
  const redriven: string[] = []
  while (redriven.length < most) {
    const body = { ...group, seenBefore, limit: Math.min(portion, most - redriven.length) }
    const sent = await orThrow(api.POST('/dead-letters/redrive', { body }))
    redriven.push(...sent.redriven)
    if (sent.redriven.length === 0 || sent.remaining === 0) break
    console.error(`${redriven.length} sent again, ${sent.remaining ?? 0} to go`)
    if (rate !== undefined) await sleep(Math.ceil(sent.redriven.length / rate) * 1_000)
  }
  const note = 'One that cannot be handled this time either is open again soon.'
  const count = `${redriven.length} ${redriven.length === 1 ? 'letter was' : 'letters were'} sent again.`
  return { rows: [[count]], note, response: { redriven } }
}

const discardOne = async (api: Client, id: string, reason: string): Promise<Report> => {
  const params = { path: { id } }
  const response = await orThrow(api.POST('/dead-letters/{id}/discard', { params, body: { reason } }))
  return { rows: [[`${response.id} is discarded.`]], response }
}

type Discard = components['schemas']['DiscardDeadLetters']

/** Call by call, until none is left. What is discarded no longer matches. */
const discardMany = async (
  api: Client,
  wanted: Pick<Discard, 'reason' | 'letters' | 'dryRun'>,
  most = Number.POSITIVE_INFINITY,
): Promise<Report> => {
  const discarded: string[] = []
  while (discarded.length < most) {
    const body = { ...wanted, limit: Math.min(LETTERS_MAX, most - discarded.length) }
    const done = await orThrow(api.POST('/dead-letters/discard', { body }))
    if (wanted.dryRun)
      return { rows: [[`${done.remaining ?? 0} letters would be discarded.`]], response: done }
    discarded.push(...done.discarded)
    if (done.discarded.length === 0 || !done.remaining) break
    console.error(`${discarded.length} discarded, ${done.remaining} to go`)
  }
  return { rows: discarded.map((id) => [`${id} is discarded.`]), response: { discarded } }
}

const shortened = (error: string): string => error.replaceAll(/\s+/g, ' ').slice(0, 100)

const rowsOf = (letter: Letter): string[][] => {
  const { id, queue, reason, status, error, attempts, times, validation, closedBy, first } = letter
  return [
    ['letter', id, queue, status],
    ['reason', reason, `deliveries: ${attempts}`, `parked: ${times}`],
    ['error', error.replaceAll(/\s+/g, ' ')],
    ['seen', letter.firstSeenAt, letter.lastSeenAt],
    ...(letter.orderId === undefined ? [] : [['order', letter.orderId, letter.client ?? '']]),
    ...(closedBy === undefined ? [] : [['closed', closedBy.at, closedBy.client, closedBy.reason ?? '']]),
    ...(first === undefined ? [] : [['first variant', first.reason, shortened(first.error)]]),
    ['schema', validation.schema ?? 'none: the type is unknown'],
    ...(validation.errors.length === 0 ? [['valid', 'A consumer of this release can read it.']] : []),
    ...validation.errors.map(({ path, message }) => ['fault', path, message]),
  ]
}
