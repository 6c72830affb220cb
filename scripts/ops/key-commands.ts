import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import { SCOPES } from '../../src/contracts/caller.ts'
import { Failure } from '../failure.mjs'
import { type Arguments, numberIn, oneOf, onlyOne, required } from './arguments.ts'
import { type Command, type Report, readAll } from './command.ts'
import { UsageError } from './usage.ts'

type CreateKey = components['schemas']['CreateKey']
type Key = components['schemas']['Key']

/** The API keys of clients. */
export const KEY_COMMANDS: Record<string, Command> = {
  'keys create': (api, given) =>
    create(api, {
      client: required(given.client, '--client'),
      scopes: required(given.scopes, '--scopes')
        .split(',')
        .map((scope) => oneOf(SCOPES, scope, '--scopes')),
      ...boundsIn(given),
    }),

  'keys rotate': async (api, { ids }) => {
    const id = onlyOne(ids)
    const key = (await listKeys(api)).find((each) => each.id === id)
    if (key === undefined)
      throw new Failure(`There is no API key ${id}.`, 'npm run ops -- keys list shows the ids.')
    if (key.revokedAt !== undefined)
      throw new Failure(`${id} is revoked.`, 'npm run ops -- keys create makes another key.')
    const { client, scopes, bounds } = key
    const report = await create(api, { client, scopes, ...(bounds !== undefined && { bounds }) })
    const revoke = `Once its client uses it: npm run ops -- keys revoke ${id} --no-cascade`
    return { ...report, note: `${report.note} ${revoke}` }
  },

  'keys list': async (api) => {
    const response = await listKeys(api)
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

  'keys revoke': async (api, { ids, reason, cascade = false, 'no-cascade': isAlone = false }) => {
    if (cascade && isAlone) throw new UsageError('Give --cascade or --no-cascade, not both.')
    const id = onlyOne(ids)
    const query = {
      cascade: isAlone ? ('false' as const) : ('true' as const),
      ...(reason !== undefined && { reason }),
    }
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
}

const listKeys = (api: Client): Promise<Key[]> => readAll((query) => api.GET('/keys', { params: { query } }))

/** Both limits or none: the API has them together. */
const boundsIn = ({ 'open-orders': orders, 'open-units': units }: Arguments): Pick<CreateKey, 'bounds'> => {
  if (orders === undefined && units === undefined) return {}
  return {
    bounds: {
      openOrders: numberIn(required(orders, '--open-orders'), '--open-orders'),
      openUnits: numberIn(required(units, '--open-units'), '--open-units'),
    },
  }
}

const create = async (api: Client, body: CreateKey): Promise<Report> => {
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
