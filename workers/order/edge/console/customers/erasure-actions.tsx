import { success } from '../../../../../src/kernel/result.ts'
import type { Action } from '../actions.ts'
import { type Form, textFields } from '../form.ts'
import { Erased, Found, NotConfirmed } from '../pages/customers.tsx'
import { type Customer, type Erasure, goThrough, NOTHING_YET } from './erasure.ts'

const TITLE = 'Erase a customer'

const customerIn = (form: Form): Customer => ({
  client: form.get('client')?.trim() ?? '',
  customerId: form.get('customerId')?.trim() ?? '',
})

/** Only finds what would be erased. The pages come without an address, because an address would keep the customer's id. */
const find: Action = async (api, _param, form) => {
  const customer = customerIn(form)
  const found = await goThrough(api, { ...customer, isDryRun: true }, NOTHING_YET)
  return found.ok ? success({ title: TITLE, body: <Found customer={customer} found={found.value} /> }) : found
}

/** Erases the next portions, once the operator has written the customer's id a second time. */
const erase: Action = async (api, _param, form) => {
  const customer = customerIn(form)
  if (form.get('confirmed')?.trim() !== customer.customerId)
    return success({ title: TITLE, body: <NotConfirmed />, status: 422 })
  const attempt = form.get('attempt') ?? crypto.randomUUID()
  const wanted = { ...customer, ...textFields(form, 'reason'), isDryRun: false, attempt }
  const erased = await goThrough(api, wanted, erasedBefore(form))
  if (!erased.ok) return erased
  const reason = form.get('reason') ?? ''
  return success({
    title: TITLE,
    body: <Erased customer={customer} reason={reason} erased={erased.value} />,
  })
}

/** What earlier clicks have erased: it goes from form to form. */
const erasedBefore = (form: Form): Erasure => {
  const numberOf = (name: string) => Number(form.get(name) ?? 0)
  const cursor = form.get('cursor')
  return {
    ...{ orders: numberOf('orders'), deadLetters: numberOf('deadLetters') },
    ...{ parts: numberOf('parts'), of: numberOf('of') },
    ...{ waiting: numberOf('waiting'), named: [] },
    hasArchive: form.get('hasArchive') === 'true',
    ...(cursor !== null && { cursor }),
  }
}

export const ERASURE_ACTIONS: Readonly<Record<string, Action>> = {
  '/console/customers/find': find,
  '/console/customers/erase': erase,
}
