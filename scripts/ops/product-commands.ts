import { type components, orThrow } from '../../packages/client/src/index.ts'
import { limitIn, numberIn, onlyOne, required } from './arguments.ts'
import { type Command, noteOfNone, readAll } from './command.ts'

/** The catalogue. */
export const PRODUCT_COMMANDS: Record<string, Command> = {
  'products list': async (api, { limit }) => {
    const response = await readAll((query) => api.GET('/products', { params: { query } }), limitIn(limit))
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },

  'products get': async (api, { ids }) => {
    const response = await orThrow(api.GET('/products/{productId}', { params: pathOf(ids) }))
    return { rows: [rowOf(response)], response }
  },

  'products put': async (api, { ids, name, price, currency }) => {
    const body = {
      name: required(name, '--name'),
      unitPrice: numberIn(required(price, '--price'), '--price'),
      currency: required(currency, '--currency'),
    }
    const response = await orThrow(api.PUT('/products/{productId}', { params: pathOf(ids), body }))
    const note = 'New orders have this price within seconds. Orders that were placed keep theirs.'
    return { rows: [rowOf(response)], note, response }
  },
}

const pathOf = (ids: readonly string[]) => ({
  path: { productId: onlyOne(ids, 'Give the id of one product.') },
})

const rowOf = ({ productId, name, unitPrice, currency }: components['schemas']['Product']): string[] => [
  ...[productId, `${unitPrice} ${currency}`, name],
]
