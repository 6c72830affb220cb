import { type components, orThrow } from '../../packages/client/src/index.ts'
import { STOCK_ALERT_TYPES } from '../../src/contracts/stock-alert.ts'
import { limitIn, numberIn, oneOf, onlyOne, required } from './arguments.ts'
import { type Command, noteOfNone, readAll } from './command.ts'

type Level = { productId: string; onHand: number; reserved: number; available: number }

export const STOCK_COMMANDS: Record<string, Command> = {
  'inventory list': async (api, { limit }) => {
    const response = await readAll((query) => api.GET('/inventory', { params: { query } }), limitIn(limit))
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },

  'inventory get': async (api, { ids }) => {
    const productId = onlyOne(ids)
    const response = await orThrow(api.GET('/inventory/{productId}', { params: { path: { productId } } }))
    return { rows: [rowOf(response)], response }
  },

  'inventory adjust': async (api, { ids, delta, reason }) => {
    const params = { path: { productId: onlyOne(ids) } }
    const body = {
      delta: numberIn(required(delta, '--delta'), '--delta'),
      reason: required(reason, '--reason'),
    }
    const response = await orThrow(api.POST('/inventory/{productId}/adjustments', { params, body }))
    return { rows: [rowOf(response)], response }
  },

  'inventory movements': async (api, { ids, limit }) => {
    const path = { productId: onlyOne(ids) }
    const response = await readAll(
      (query) => api.GET('/inventory/{productId}/movements', { params: { path, query } }),
      limitIn(limit) ?? MOVEMENTS_SHOWN,
    )
    const rows = response.map(movementRow)
    return { rows, ...noteOfNone(rows), response }
  },

  'inventory alerts': async (api, { product, type, limit }) => {
    const filter = {
      ...(product !== undefined && { productId: product }),
      ...(type !== undefined && { type: oneOf(STOCK_ALERT_TYPES, type, '--type') }),
    }
    const response = await readAll(
      (page) => api.GET('/stock-alerts', { params: { query: { ...filter, ...page } } }),
      limitIn(limit) ?? ALERTS_SHOWN,
    )
    const rows = response.map(alertRow)
    return { rows, ...noteOfNone(rows), response }
  },
}

/** Without --limit: what fits on a few screens. A ledger only grows. */
const MOVEMENTS_SHOWN = 100
/** The same for the alerts of 90 days. */
const ALERTS_SHOWN = 100

const movementRow = ({
  at,
  kind,
  quantity,
  orderId,
  reason,
}: components['schemas']['StockMovement']): string[] => [
  ...[at, kind, String(quantity), orderId ?? '', reason ?? ''],
]

const alertRow = ({ at, productId, type, available }: components['schemas']['StockAlert']): string[] => [
  ...[at, productId, type, `${available} available`],
]

const rowOf = ({ productId, onHand, reserved, available }: Level): string[] => [
  ...[productId, `${onHand} on hand`, `${reserved} reserved`, `${available} available`],
]
