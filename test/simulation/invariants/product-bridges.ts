import type { OutgoingMessage } from '../../../src/bridge/ports.ts'
import type { ProductEvent } from '../../../src/inventory/product-feed.ts'
import type { BridgedConsumer } from '../clients/bridge/bridged-consumer.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import { productsIn } from '../clients/product-versions.ts'
import type { System } from '../system/system.ts'
import type { Violated } from './violated.ts'

/** The topic of a bridge of products has the newest version of every product, also after a seek to the oldest. */
export const checkProductBridges = (
  { stock }: Pick<System, 'stock'>,
  { bridged }: Pick<ClientRecords, 'bridged'>,
  violated: Violated,
): void => {
  const stored = [...stock.values()].flatMap(({ sql }) => productsIn(sql))
  for (const { consumer } of bridged.filter((each) => each.consumer.feed === 'products')) {
    checkProductTopic(consumer, stored, violated)
    checkSeeks(consumer, stored, violated)
  }
}

/**
 * The highest version of each product is the stored one. A version may arrive after a later one where its sender gave it
 * up, or lost its lease while it published: then another bridge has read the later version, and no longer this one.
 */
const checkProductTopic = (
  { topic, mayOvertake }: BridgedConsumer,
  stored: readonly ProductEvent[],
  violated: Violated,
): void => {
  const published = Map.groupBy(topic.messages, ({ key }) => key)
  for (const event of stored) {
    const versions = published.get(event.partitionkey) ?? []
    const [highest] = versions.toSorted((one, other) => versionOf(other) - versionOf(one))
    const [got, wanted] = [highest?.data, JSON.stringify(event.data)]
    if (got !== wanted)
      violated('a topic has the newest version of every product', `${got}, stored ${wanted}`)
    const firsts = [...new Set(versions.map(versionOf))]
    if (!mayOvertake && firsts.some((version, index) => version < (firsts[index - 1] ?? 0)))
      violated('versions of a product come in order', `the topic has ${event.partitionkey} as ${firsts}`)
  }
}

const checkSeeks = (
  { topic, seeks }: BridgedConsumer,
  stored: readonly ProductEvent[],
  violated: Violated,
): void => {
  for (const length of seeks) {
    const again = new Set(topic.messages.slice(length).map(({ id }) => id))
    const missing = stored.filter(({ id }) => !again.has(id)).map(({ id }) => id)
    if (missing.length > 0)
      violated('what an operator seeks comes again', `${missing} did not come after message ${length}`)
  }
}

const versionOf = ({ attributes }: OutgoingMessage): number => Number(attributes['sequence'])
