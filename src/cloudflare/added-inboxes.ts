import { SUBSCRIPTIONS, type Subscriber } from '../contracts/topology.ts'
import type { Inboxes } from './publisher.ts'

/** `shipping` → `SHIPPING_INBOX`. */
const bindingOf = (subscriber: string): string => `${subscriber.toUpperCase()}_INBOX`

/** The inbox of any subscriber, by the name of its binding. Undefined where the Worker has no such binding. */
export const inboxIn = (env: object, subscriber: Subscriber): Queue | undefined =>
  (env as Record<string, Queue | undefined>)[bindingOf(subscriber)]

/** The inboxes of the subscribers beyond the four services, as far as the Worker is bound to them. */
export const addedInboxes = (env: object): Inboxes =>
  Object.fromEntries(
    Object.keys(SUBSCRIPTIONS).flatMap((name) => {
      const inbox = inboxIn(env, name as Subscriber)
      return inbox === undefined ? [] : [[name, inbox]]
    }),
  )
