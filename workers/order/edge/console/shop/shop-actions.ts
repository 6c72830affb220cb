import { CONSUMERS } from '../../../../../src/contracts/dead-letter.ts'
import { setFaults } from '../../../../../src/contracts/http/drills.ts'
import { placeOrder } from '../../../../../src/contracts/http/orders.ts'
import { success } from '../../../../../src/kernel/result.ts'
import type { Action } from '../actions.ts'
import type { Form } from '../form.ts'

/** More than any shelf of the demo catalogue has, and the most that a line may have. */
const MORE_THAN_THERE_IS = 10_000

/** The demo shop's own actions. Like all others, each is one call of the API. */
export const SHOP_ACTIONS: Readonly<Record<string, Action>> = {
  '/console/shop/orders': async (api, _param, form) => {
    const placed = await api.post(placeOrder, '/orders', orderIn(form), form.get('attempt') ?? undefined)
    if (!placed.ok) return placed
    return success(`/console/shop?${new URLSearchParams({ order: placed.value.orderId })}#story`)
  },
  '/console/shop/faults': async (api, _param, form) => {
    const set = await api.post(setFaults, '/simulator/faults', faultsIn(form))
    const order = form.get('order') ?? ''
    return set.ok ? success(`/console/shop?${new URLSearchParams({ order, done: 'faults' })}`) : set
  },
}

const orderIn = (form: Form): object => {
  const items = [...form].flatMap(([name, text]) => {
    const [, productId] = /^quantity:(.+)$/.exec(name) ?? []
    return productId === undefined || Number(text) === 0 ? [] : [{ productId, quantity: Number(text) }]
  })
  const [first, ...rest] = items
  const hasEmptyShelf = form.get('shelf') === 'empty' && first !== undefined
  return {
    items: hasEmptyShelf ? [{ ...first, quantity: MORE_THAN_THERE_IS }, ...rest] : items,
    payment: { token: form.get('card') === 'declined' ? 'pm_card_chargeDeclined' : 'pm_card_visa' },
    metadata: { channel: 'demo-shop' },
  }
}

/** Faults that are not named end. */
const faultsIn = (form: Form): object => (form.get('end') === 'all' ? {} : chosenFaultsIn(form))

const chosenFaultsIn = (form: Form): object => ({
  duplicates: form.get('duplicates') === 'on',
  delaySeconds: Number(form.get('delaySeconds') ?? 0),
  crashing: consumersIn(form, 'crashing'),
  stopped: consumersIn(form, 'stopped'),
  bank: form.get('bank') ?? 'well',
})

const consumersIn = (form: Form, name: string) =>
  CONSUMERS.filter((consumer) => form.getAll(name).includes(consumer))
