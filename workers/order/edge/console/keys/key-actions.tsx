import { createKey, revokeKey } from '../../../../../src/contracts/http/keys.ts'
import { success } from '../../../../../src/kernel/result.ts'
import type { Action } from '../actions.ts'
import { type Form, numberField, textFields } from '../form.ts'
import { MadeKey } from '../pages/keys.tsx'
import { pathOf } from '../view.ts'

/** Makes a key. The page that comes back shows it: no address may have it. A copied form gets the page without it. */
const create: Action = async (api, _param, form) => {
  const attempt = form.get('attempt') ?? crypto.randomUUID()
  const made = await api.post(createKey, '/keys', keyIn(form), attempt)
  if (!made.ok) return made
  return success({ title: 'API key', body: <MadeKey made={made.value} replaced={form.get('replaces')} /> })
}

const keyIn = (form: Form): object => {
  const bounds = { ...numberField(form, 'openOrders'), ...numberField(form, 'openUnits') }
  return {
    client: form.get('client')?.trim() ?? '',
    scopes: form.getAll('scope'),
    ...(Object.keys(bounds).length > 0 && { bounds }),
  }
}

const revoke: Action = async (api, { id = '' }, form) => {
  const asked = { ...textFields(form, 'cascade'), ...textFields(form, 'reason') }
  const revoked = await api.remove(revokeKey, pathOf('keys', id), asked)
  if (!revoked.ok) return revoked
  const { revoked: keys, disabled, livesOn } = revoked.value ?? NOTHING_ELSE
  const numbers = {
    keys: keys.filter((key) => key.id !== id).length,
    webhooks: disabled.length,
    left: livesOn.keys.length + (livesOn.webhooks?.length ?? 0),
  }
  const counts = Object.entries(numbers).map(([name, count]) => [name, String(count)])
  return success(`/console/keys?${new URLSearchParams([['done', 'revoked'], ...counts])}`)
}

const NOTHING_ELSE = { revoked: [], disabled: [], livesOn: { keys: [], webhooks: [] } }

export const KEY_ACTIONS: Readonly<Record<string, Action>> = {
  '/console/keys': create,
  '/console/keys/:id/revoke': revoke,
}
