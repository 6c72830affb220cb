import { resendDeliveries } from '../../../../../src/contracts/http/deliveries.ts'
import {
  registerWebhook,
  removeWebhook,
  rotateWebhookSecret,
} from '../../../../../src/contracts/http/webhooks.ts'
import { success } from '../../../../../src/kernel/result.ts'
import { type Action, act, goingTo, PORTIONS_MAX } from '../actions.ts'
import { type Form, numberField, textFields } from '../form.ts'
import { WebhookSecret } from '../pages/webhook-secret.tsx'
import { pathOf } from '../view.ts'

const attemptOf = (form: Form): string => form.get('attempt') ?? crypto.randomUUID()

/** An address that stays is not sent: it would be checked anew, and may be away just now. */
const settingsIn = (form: Form) => ({
  ...(form.get('url') !== form.get('wasUrl') && textFields(form, 'url')),
  types: form.getAll('type'),
})

/** The page that comes back shows the secret, here and after a rotation. A copied form gets the page without it. */
const register: Action = async (api, _param, form) => {
  const registered = await api.post(registerWebhook, '/webhooks', settingsIn(form), attemptOf(form))
  if (!registered.ok) return registered
  return success({ title: 'New webhook', body: <WebhookSecret webhook={registered.value} /> })
}

const rotate: Action = async (api, { id = '' }, form) => {
  const path = pathOf('webhooks', id, 'rotate')
  const rotated = await api.post(
    rotateWebhookSecret,
    path,
    numberField(form, 'overlapSeconds'),
    attemptOf(form),
  )
  if (!rotated.ok) return rotated
  return success({ title: 'New secret', body: <WebhookSecret webhook={rotated.value} /> })
}

/** Sends failed deliveries again, portion by portion. Each portion has its own key, so that a copied form acts once. */
const resendMany: Action = async (api, { id = '' }, form) => {
  const page = pathOf('console', 'webhooks', id)
  const body = { ...textFields(form, 'since'), ...textFields(form, 'until'), ...textFields(form, 'status') }
  const attempt = attemptOf(form)
  let count = 0
  for (let portion = 0; portion < PORTIONS_MAX; portion += 1) {
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

/** To the webhook's page, which tells what was done. */
const toPageOf = (id: string, done: string) => goingTo(`${pathOf('console', 'webhooks', id)}?done=${done}`)

export const WEBHOOK_ACTIONS: Readonly<Record<string, Action>> = {
  '/console/webhooks': register,
  '/console/webhooks/:id/rotate': rotate,
  '/console/webhooks/:id/change': (api, { id = '' }, form) =>
    api.patch(pathOf('webhooks', id), settingsIn(form)).then(toPageOf(id, 'changed')),
  '/console/webhooks/:id/enable': (api, { id = '' }) =>
    api.patch(pathOf('webhooks', id), { status: 'enabled' }).then(toPageOf(id, 'enabled')),
  '/console/webhooks/:id/disable': (api, { id = '' }) =>
    api.patch(pathOf('webhooks', id), { status: 'disabled' }).then(toPageOf(id, 'disabled')),
  '/console/webhooks/:id/remove': (api, { id = '' }) =>
    api.remove(removeWebhook, pathOf('webhooks', id)).then(goingTo('/console/webhooks?done=removed')),
  '/console/webhooks/:id/test': (api, { id = '' }, form) =>
    act(api, pathOf('webhooks', id, 'test'), {}, form).then(toPageOf(id, 'tested')),
  '/console/webhooks/:id/resend': resendMany,
  '/console/webhooks/:id/deliveries/:deliveryId/resend': (api, { id = '', deliveryId = '' }, form) =>
    act(api, pathOf('webhooks', id, 'deliveries', deliveryId, 'resend'), {}, form).then(
      toPageOf(id, 'resent&count=1'),
    ),
}
