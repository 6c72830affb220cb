import { resendDeliveries } from '../../../../src/contracts/http/deliveries.ts'
import { type Result, success } from '../../../../src/kernel/result.ts'
import type { Answer, Api } from './api.ts'
import { pathOf } from './view.ts'

export type Form = URLSearchParams

/** Makes one call of the API. Where it went well, the result is the page to go on with. */
export type Action = (
  api: Api,
  param: Readonly<Record<string, string>>,
  form: Form,
) => Promise<Result<string, Extract<Answer<null>, { ok: false }>['reason']>>

/** A thousand deliveries: a form takes seconds at most. */
const RESEND_PORTIONS_MAX = 10

/** Sends failed deliveries again, portion by portion. Each portion has its own key, so that a copied form acts once. */
const resendMany: Action = async (api, { id = '' }, form) => {
  const page = pathOf('console', 'webhooks', id)
  const body = { ...textFields(form, 'since'), ...textFields(form, 'until'), ...textFields(form, 'status') }
  const attempt = form.get('attempt') ?? crypto.randomUUID()
  let count = 0
  for (let portion = 0; portion < RESEND_PORTIONS_MAX; portion += 1) {
    const sent = await api.post(
      resendDeliveries,
      pathOf('webhooks', id, 'resend'),
      body,
      `${attempt}.${portion}`,
    )
    if (!sent.ok) return sent
    count += sent.value.count
    if (!sent.value.hasMore) return success(`${page}?done=resent&count=${count}`)
  }
  return success(`${page}?done=resent-some&count=${count}`)
}

/** Every action of the console, by the path of its form. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  '/console/orders/:id/cancel': (api, { id = '' }, form) =>
    act(api, pathOf('orders', id, 'cancel'), textFields(form, 'reason'), form).then(
      goingTo(`${pathOf('console', 'orders', id)}?done=cancelled`),
    ),
  '/console/orders/:id/refund': (api, { id = '' }, form) =>
    act(
      api,
      pathOf('payments', id, 'refunds'),
      { ...textFields(form, 'reason'), ...numberField(form, 'amount') },
      form,
    ).then(goingTo(`${pathOf('console', 'orders', id)}?done=refund`)),
  '/console/pauses': (api, _param, form) =>
    act(api, '/pauses', { ...textFields(form, 'productId'), ...textFields(form, 'reason') }, form).then(
      goingTo('/console/orders?done=paused'),
    ),
  '/console/pauses/lift': (api, _param, form) =>
    act(api, '/pauses/lift', textFields(form, 'productId'), form).then(
      goingTo('/console/orders?done=resumed'),
    ),
  '/console/dead-letters/redrive': (api, _param, form) =>
    act(api, '/dead-letters/redrive', { ids: form.getAll('id') }, form).then(
      goingTo('/console/dead-letters?done=redriven'),
    ),
  '/console/dead-letters/:id/redrive': (api, { id = '' }, form) =>
    act(api, pathOf('dead-letters', id, 'redrive'), {}, form).then(
      goingTo('/console/dead-letters?done=redriven'),
    ),
  '/console/dead-letters/:id/discard': (api, { id = '' }, form) =>
    act(api, pathOf('dead-letters', id, 'discard'), textFields(form, 'reason'), form).then(
      goingTo('/console/dead-letters?done=discarded'),
    ),
  '/console/inventory/:id/adjust': (api, { id = '' }, form) =>
    act(
      api,
      pathOf('inventory', id, 'adjustments'),
      { ...textFields(form, 'reason'), ...numberField(form, 'delta') },
      form,
    ).then(goingTo(`${pathOf('console', 'inventory', id)}?done=adjusted`)),
  '/console/webhooks/:id/test': (api, { id = '' }, form) =>
    act(api, pathOf('webhooks', id, 'test'), {}, form).then(
      goingTo(`${pathOf('console', 'webhooks', id)}?done=tested`),
    ),
  '/console/webhooks/:id/resend': resendMany,
  '/console/webhooks/:id/enable': (api, { id = '' }) =>
    api
      .patch(pathOf('webhooks', id), { status: 'enabled' })
      .then(goingTo(`${pathOf('console', 'webhooks', id)}?done=enabled`)),
  '/console/webhooks/:id/disable': (api, { id = '' }) =>
    api
      .patch(pathOf('webhooks', id), { status: 'disabled' })
      .then(goingTo(`${pathOf('console', 'webhooks', id)}?done=disabled`)),
  '/console/webhooks/:id/deliveries/:deliveryId/resend': (api, { id = '', deliveryId = '' }, form) =>
    act(api, pathOf('webhooks', id, 'deliveries', deliveryId, 'resend'), {}, form).then(
      goingTo(`${pathOf('console', 'webhooks', id)}?done=resent&count=1`),
    ),
}

const act = (api: Api, path: string, body: object, form: Form): Promise<Answer<null>> =>
  api.send(path, body, form.get('attempt') ?? crypto.randomUUID())

const goingTo =
  (page: string) =>
  (done: Answer<null>): Result<string, Extract<Answer<null>, { ok: false }>['reason']> =>
    done.ok ? success(page) : done

/** Fields that are left empty are left out: the API has its defaults. */
const textFields = (form: Form, name: string): Record<string, string> => {
  const text = form.get(name)?.trim() ?? ''
  return text === '' ? {} : { [name]: text }
}

/** A text that is no number goes out as it is, so that the API names the fault. */
const numberField = (form: Form, name: string): Record<string, number | string> => {
  const text = form.get(name)?.trim() ?? ''
  if (text === '') return {}
  return { [name]: Number.isFinite(Number(text)) ? Number(text) : text }
}
