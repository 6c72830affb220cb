import { within } from '../../../src/cloudflare/within.ts'
import { WEBHOOK_TYPES } from '../../../src/contracts/webhook-types.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import {
  changeAndWait,
  type RegistrationPorts,
  registerAndWait,
} from '../../../src/operations/partition/acknowledged-registration.ts'
import type { Outlet } from '../platform/platform.ts'
import { RECEIVER_URL } from '../platform/receiver.ts'
import type { Action } from '../world/action.ts'
import { type ClientPorts, drawId, requestFor } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

export type Registering = Action & { kind: 'register webhook' }

type Work = {
  ports: ClientPorts
  outlet: Outlet
  request: IdempotentRequest | undefined
  place(nth: number): Promise<void>
}

const CALLER = { client: 'listener', scopes: ['operations' as const] }
/** An object that was reset never replies here, where a real platform would report the reset. */
const GIVEN_UP_MS = 6_000

type Place = (nth: number, action: Registering, outlet: Outlet) => Promise<void>

/**
 * Registers a webhook, waits until it is enabled, and places orders at once. Some clients want more types then, or
 * disable the webhook for a while. Of equal requests only the first one goes on.
 */
export const createWebhookClient = (ports: ClientPorts, place: Place) => {
  let isFirst = true
  return async (action: Registering, outlet: Outlet): Promise<void> => {
    const { types, change, key } = action
    const request = requestFor('POST /webhooks', key, types)
    const work: Work = { ports, outlet, request, place: (nth) => place(nth, action, outlet) }
    const partition = partitionOf(work)
    const registered = await ports.persist(outlet, key, () =>
      registerAndWait(partition, { ...wantedBy(work), types }),
    )
    if (registered?.ok !== true) return
    const { secret: _shownOnce, ...view } = registered.value.view
    ports.records.compareResponse(request, [registered.value.status, view])
    if (!isFirst) return
    isFirst = false
    await orderWhenEnabled(view, work, 0)
    if (change !== undefined) await changeWebhook(view.id, change, work)
  }
}

const changeWebhook = async (
  webhookId: string,
  change: NonNullable<Registering['change']>,
  work: Work,
): Promise<void> => {
  const { ports, outlet } = work
  const partition = partitionOf(work)
  const changes = { webhookId, caller: CALLER }
  if (change === 'disabled for a while') {
    ports.records.recordDisabling(webhookId)
    await ports.persist(outlet, IDEMPOTENT, () =>
      changeAndWait(partition, { ...changes, status: 'disabled' }),
    )
  }
  const more = change === 'more types' ? { types: WEBHOOK_TYPES } : { status: 'enabled' as const }
  const changed = await ports.persist(outlet, IDEMPOTENT, () =>
    changeAndWait(partition, { ...changes, ...more }),
  )
  if (changed?.ok === true) await orderWhenEnabled(changed.value.view, work, 1)
}

const wantedBy = ({ outlet, request }: Work) => ({
  webhookId: drawId('wh', outlet),
  ...{ secret: `whsec_${btoa('a secret of the right length')}`, url: RECEIVER_URL, caller: CALLER, request },
})

const partitionOf = ({ ports, outlet }: Work): RegistrationPorts => {
  const stub = () => ports.system().partitionsFor(outlet).webhooks
  return {
    register: (wanted) => stub().register(wanted),
    answer: (webhookId, request) => stub().answer(webhookId, request),
    change: (wanted) => stub().change(wanted),
    webhook: (webhookId, caller) => stub().webhook(webhookId, caller),
    untilNoted: (webhookId, withinMs) =>
      within(GIVEN_UP_MS, 'a reply', stub().untilNoted(webhookId, withinMs)),
  }
}

type View = Awaited<ReturnType<RegistrationPorts['webhook']>>

const orderWhenEnabled = async (first: NonNullable<View>, work: Work, nth: number): Promise<void> => {
  const { ports, outlet, place } = work
  let view: View = first
  const types = await ports.persist(outlet, IDEMPOTENT, async () => {
    view = view ?? (await partitionOf(work).webhook(first.id, CALLER))
    const seen = view
    view = undefined
    if (seen?.status !== 'enabled') throw new Error(`a webhook that is ${seen?.status}`)
    return seen.types
  })
  if (types === undefined) return
  ports.platform.trace(outlet.actor.name, () => `sees ${first.id} enabled`)
  ports.records.recordEnabled(first.id, types)
  await Promise.all([2 * nth, 2 * nth + 1].map((each) => place(each)))
}
