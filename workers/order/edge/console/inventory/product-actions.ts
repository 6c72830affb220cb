import { getProduct } from '../../../../../src/contracts/http/inventory.ts'
import { success } from '../../../../../src/kernel/result.ts'
import { type Action, act, goingTo } from '../actions.ts'
import { type Form, numberField, textFields } from '../form.ts'
import { pathOf } from '../view.ts'

const productIn = (form: Form) => ({
  ...textFields(form, 'name'),
  ...numberField(form, 'unitPrice'),
  ...textFields(form, 'currency'),
})

const pageOf = (id: string, done: string): string => `${pathOf('console', 'inventory', id)}?done=${done}`

const put: Action = (api, { id = '' }, form) =>
  api.put(pathOf('products', id), productIn(form)).then(goingTo(pageOf(id, 'put')))

/** The API replaces a product that is there. A form for a new one must not. */
const create: Action = async (api, _param, form) => {
  const id = form.get('productId')?.trim() ?? ''
  const found = await api.read(getProduct, pathOf('products', id))
  if (found.ok) return success(pageOf(id, 'exists'))
  if (found.reason.code !== 'product_not_found') return found
  return await put(api, { id }, form)
}

export const PRODUCT_ACTIONS: Readonly<Record<string, Action>> = {
  '/console/inventory': create,
  '/console/inventory/:id/change': put,
  '/console/inventory/:id/adjust': (api, { id = '' }, form) =>
    act(
      api,
      pathOf('inventory', id, 'adjustments'),
      { ...textFields(form, 'reason'), ...numberField(form, 'delta') },
      form,
    ).then(goingTo(pageOf(id, 'adjusted'))),
}
