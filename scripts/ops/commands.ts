import { type Client, orThrow } from '../../packages/client/src/index.ts'
import { SCOPES } from '../../src/contracts/caller.ts'
import { Failure } from '../failure.mjs'
import { oneOf, onlyOne, required } from './arguments.ts'
import { AUDIT_COMMANDS } from './audit-commands.ts'
import { BOOKS_COMMANDS } from './books-commands.ts'
import { type Command, type Report, readAll } from './command.ts'
import { CONSUMER_COMMANDS } from './consumer-commands.ts'
import { CUSTOMER_COMMANDS } from './customer-commands.ts'
import { DEAD_LETTER_COMMANDS } from './dead-letter-commands.ts'
import { EVENT_COMMANDS } from './event-commands.ts'
import { FAULT_COMMANDS } from './fault-commands.ts'
import { ORDER_COMMANDS } from './order-commands.ts'
import { PAYMENT_COMMANDS } from './payment-commands.ts'
import { REPLAY_COMMANDS } from './replay-commands.ts'
import { STOCK_COMMANDS } from './stock-commands.ts'
import { UsageError } from './usage.ts'
import { WEBHOOK_COMMANDS } from './webhook-commands.ts'

export const COMMANDS: Record<string, Command> = {
  ...ORDER_COMMANDS,
  ...STOCK_COMMANDS,
  ...PAYMENT_COMMANDS,
  ...EVENT_COMMANDS,
  ...REPLAY_COMMANDS,
  ...CUSTOMER_COMMANDS,
  ...FAULT_COMMANDS,
  ...WEBHOOK_COMMANDS,
  ...CONSUMER_COMMANDS,
  ...DEAD_LETTER_COMMANDS,
  ...AUDIT_COMMANDS,
  ...BOOKS_COMMANDS,

  'keys create': async (api, { client, scopes }) => {
    const body = {
      client: required(client, '--client'),
      scopes: required(scopes, '--scopes')
        .split(',')
        .map((scope) => oneOf(SCOPES, scope, '--scopes')),
    }
    const response = await orThrow(api.POST('/keys', { body }))
    const { id, key } = response
    if (key === undefined) throw secretLost(id)
    const rows = [
      ['id', id],
      ['client', response.client],
      ['scopes', response.scopes.join(', ')],
      ['key', key],
    ]
    return { rows, note: 'The key is shown only this once. Keep it safe.', response }
  },

  'keys list': async (api) => {
    const response = await readAll((query) => api.GET('/keys', { params: { query } }))
    const rows = response.map((key) => [
      key.id,
      key.client,
      key.scopes.join(','),
      key.createdAt,
      `made by ${key.createdBy ?? 'an unknown key'}`,
      key.revokedAt === undefined ? '' : `revoked ${key.revokedAt}`,
    ])
    return { rows, ...(rows.length === 0 && { note: 'There is no key except the bootstrap key.' }), response }
  },

  'keys revoke': async (api, { ids, cascade = false, 'no-cascade': isAlone = false }) => {
    if (cascade && isAlone) throw new UsageError('Give --cascade or --no-cascade, not both.')
    const id = onlyOne(ids)
    const query = { cascade: isAlone ? ('false' as const) : ('true' as const) }
    const response = await orThrow(api.DELETE('/keys/{id}', { params: { path: { id }, query } }))
    const { revoked, disabled, livesOn } = response ?? { ...NOTHING, revoked: [{ id, client: '' }] }
    const children = revoked.filter((key) => key.id !== id)
    const rows = [
      [`${id} is revoked.`],
      ...children.map((key) => [`${key.id} (${key.client}), a key that it made, is revoked.`]),
      ...disabled.map((webhook) => [`${webhook.id} (${webhook.client}), its webhook, is disabled.`]),
      ...[...livesOn.keys, ...(livesOn.webhooks ?? [])].map(staysValid),
    ]
    return { rows, response: response ?? { id, revoked: [], ...NOTHING } }
  },

  'rebuild orders': (api) => rebuild('/lists/orders/rebuild', api),
  'rebuild payments': (api) => rebuild('/lists/payments/rebuild', api),
  'rebuild movements': (api) => rebuild('/lists/movements/rebuild', api),
}

const rebuild = async (
  path: '/lists/orders/rebuild' | '/lists/payments/rebuild' | '/lists/movements/rebuild',
  api: Client,
): Promise<Report> => {
  const response = await orThrow(api.POST(path))
  const { list, partitions } = response
  const note = `When a partition is done, the log has the line \`the list of ${list} is filled\`.`
  return { rows: [[`${partitions} partitions list their ${list} again.`]], note, response }
}

const NOTHING = { disabled: [], livesOn: { keys: [], webhooks: [] } }

const staysValid = ({ id, client, createdBy }: { id: string; client: string; createdBy: string | null }) => [
  createdBy === null
    ? `${id} (${client}) stays valid: the key that made it is unknown. Check it.`
    : `${id} (${client}) stays valid: ${createdBy} made it.`,
]

/** A repeated response leaves the secret out, and the first response never arrived. */
const secretLost = (id: string): Failure =>
  new Failure(
    `The key ${id} was made, but the response with its secret was lost.`,
    `Revoke it (npm run ops -- keys revoke ${id}) and create another.`,
  )
