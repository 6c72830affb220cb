import type { Chance } from '../crash/chance.ts'
import type { DocumentedCall } from './document.ts'

/** Only the last ones are kept: requests have met the older ones often enough. */
const KEPT_MAX = 200

/** Ids and cursors that the system itself gave out, so that requests get past a 404. */
export const createKnown = () => {
  const kept = new Map<string, string[]>()
  const keep = (name: string, value: unknown): void => {
    if (typeof value !== 'string' || value === '') return
    const values = kept.get(name) ?? []
    kept.set(name, values)
    values.push(value)
    if (values.length > KEPT_MAX) values.shift()
  }
  return {
    pick: (name: string, chance: Chance): string | undefined => chance.pick(kept.get(name) ?? []),
    /** Keeps the ids in a successful response. Listed keys are left out: the fuzzer must not revoke its own keys. */
    learn: (call: DocumentedCall, body: unknown): void => {
      if (call.id === 'listKeys') return
      for (const item of itemsOf(body)) {
        keep(namesWhat(call), item['id'])
        keep('orderId', item['orderId'])
        keep('token', item['readToken'])
      }
      if (isObject(body)) keep(`cursor of ${call.path}`, body['nextCursor'])
    },
  }
}

export type Known = ReturnType<typeof createKnown>

/** The name under which the values of a parameter are kept. */
export const parameterName = (call: DocumentedCall, name: string): string => {
  if (name === 'id') return `id of ${call.path.split('/')[1]}`
  return name === 'cursor' ? `cursor of ${call.path}` : name
}

/** The name under which the `id` of a response is kept. */
const namesWhat = (call: DocumentedCall): string => {
  if (call.id === 'getOrderEvents') return 'Last-Event-ID'
  const isDelivery = call.path.includes('/deliveries') || call.path.endsWith('/test')
  return isDelivery ? 'deliveryId' : `id of ${call.path.split('/')[1]}`
}

type Item = Record<string, unknown>

const itemsOf = (body: unknown): Item[] => {
  if (!isObject(body)) return []
  const listed = body['items'] ?? body['events']
  const items = Array.isArray(listed) ? listed.filter(isObject) : []
  return [body, ...items]
}

const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
