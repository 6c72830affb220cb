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
import type { System } from '../system/system.ts'
import type { Action } from '../workload.ts'

/** An order that is asked for later than this is announced to the webhook: it was seen enabled. */
export type EnabledWebhook = { webhookId: string; types: readonly string[]; after: number }

export type Registering = Action & { kind: 'register webhook' }

/** What a listener does it with. */
type Means = {
  system: System
  outlet: Outlet
  request: IdempotentRequest | undefined
  /** Tries until there is an answer; a registration only where it has a key. */
  persist<Value>(attempt: () => Promise<Value>): Promise<Value | undefined>
  register<Value>(attempt: () => Promise<Value>): Promise<Value | undefined>
  /** Under one key, one answer. */
  compare(answer: unknown): void
  /** Whether this is the first of equal requests, which goes on alone. */
  isFirst(): boolean
  /** The webhook was seen enabled. */
  enabled(webhookId: string, types: readonly string[]): void
  /** It is going to be disabled: nothing is promised any more. */
  disabling(webhookId: string): void
  place(nth: number): Promise<void>
}

const CALLER = { client: 'listener', scopes: ['operations' as const] }
/** An object that was reset never answers: a real platform would say so. */
const GIVEN_UP_MS = 6_000

/** Registers a webhook, waits until it is enabled, and orders at once. Some want more then, or are disabled for a while. */
export const listen = async ({ types, change }: Registering, means: Means): Promise<void> => {
  const partition = partitionOf(means)
  const registered = await means.register(() => registerAndWait(partition, { ...wantedBy(means), types }))
  if (registered?.ok !== true) return
  const { secret: _shownOnce, ...view } = registered.value.view
  means.compare([registered.value.status, view])
  if (!means.isFirst()) return
  await orderWhenEnabled(view, means, 0)
  if (change === undefined) return
  const changes = { webhookId: view.id, caller: CALLER }
  if (change === 'disabled for a while') {
    means.disabling(view.id)
    await means.persist(() => changeAndWait(partition, { ...changes, status: 'disabled' }))
  }
  const more = change === 'more types' ? { types: WEBHOOK_TYPES } : { status: 'enabled' as const }
  const changed = await means.persist(() => changeAndWait(partition, { ...changes, ...more }))
  if (changed?.ok === true) await orderWhenEnabled(changed.value.view, means, 1)
}

const wantedBy = ({ outlet, request }: Means) => ({
  webhookId: `wh_${Math.floor(outlet.actor.chance() * 2 ** 32).toString(36)}`,
  ...{ secret: `whsec_${btoa('a secret of the right length')}`, url: RECEIVER_URL, caller: CALLER, request },
})

const partitionOf = ({ system, outlet }: Means): RegistrationPorts => {
  const stub = () => system.partitionsFor(outlet).webhooks as unknown as RegistrationPorts
  return {
    register: (wanted) => stub().register(wanted),
    answer: (webhookId, request) => stub().answer(webhookId, request),
    change: (wanted) => stub().change(wanted),
    webhook: (webhookId, caller) => stub().webhook(webhookId, caller),
    untilNoted: (webhookId, withinMs) =>
      within(GIVEN_UP_MS, 'an answer', stub().untilNoted(webhookId, withinMs)),
  }
}

type View = Awaited<ReturnType<RegistrationPorts['webhook']>>

const orderWhenEnabled = async (first: NonNullable<View>, means: Means, nth: number): Promise<void> => {
  let view: View = first
  const seen = await means.persist(async () => {
    view = view ?? (await partitionOf(means).webhook(first.id, CALLER))
    const { status, types } = view ?? {}
    view = undefined
    if (status !== 'enabled' || types === undefined) throw new Error(`a webhook that is ${status}`)
    return types
  })
  if (seen === undefined) return
  means.enabled(first.id, seen)
  await Promise.all([2 * nth, 2 * nth + 1].map((each) => means.place(each)))
}
