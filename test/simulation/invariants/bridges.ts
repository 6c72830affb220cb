import type { OutgoingMessage } from '../../../src/bridge/ports.ts'
import type { BridgedConsumer } from '../clients/bridge/bridged-consumer.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import { fedEvents } from './fed-events.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

const COMPLETE = 'a topic has every event, and those of an order in order'
const SOUGHT = 'what an operator seeks comes again'

/**
 * Every bridge reaches its end. The topic of a bridge of orders has every event of every order. Without repetitions, those of one order are in the order in
 * which they took effect. After a seek to the oldest order, all of them come again.
 */
export const checkBridges = (
  stored: Pick<Stored, 'orders'>,
  { bridged }: ClientRecords,
  violated: Violated,
): void => {
  const events = fedEvents(stored)
  for (const { bridges } of bridged) {
    for (const { name } of bridges.filter(({ hasEnded }) => !hasEnded))
      violated('a bridge reaches its end', `bridge ${name} is still at work`)
  }
  for (const { consumer } of bridged.filter((each) => each.consumer.feed === 'orders')) {
    checkTopic(consumer, events, violated)
    checkSeeks(consumer, events, violated)
  }
}

type Events = ReturnType<typeof fedEvents>

const checkTopic = ({ topic }: BridgedConsumer, events: Events, violated: Violated): void => {
  const published = withoutRepetitions(topic.messages)
  for (const [orderId, ids] of events) {
    const got = (published.get(orderId) ?? []).join()
    if (got !== ids.join()) violated(COMPLETE, `${orderId}: ${got}, stored ${ids}`)
  }
}

const checkSeeks = ({ topic, seeks }: BridgedConsumer, events: Events, violated: Violated): void => {
  for (const length of seeks) {
    const again = new Set(topic.messages.slice(length).map(({ id }) => id))
    const missing = [...events.values()].flat().filter((id) => !again.has(id))
    if (missing.length > 0) violated(SOUGHT, `${missing} did not come after message ${length}`)
  }
}

/** The ids of the messages with each key, as they came first. */
const withoutRepetitions = (messages: readonly OutgoingMessage[]): ReadonlyMap<string, readonly string[]> => {
  const groups = Map.groupBy(messages, ({ key }) => key)
  return new Map(Array.from(groups, ([key, group]) => [key, [...new Set(group.map(({ id }) => id))]]))
}
