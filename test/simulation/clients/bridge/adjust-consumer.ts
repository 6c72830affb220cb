import { newUlid } from '../../../../src/cloudflare/new-ulid.ts'
import { cursorAt } from '../../../../src/order/consumer-lag.ts'
import type { Adjustment } from '../../../../src/order/partition/feed-consumers.ts'
import type { Outlet } from '../../platform/platform.ts'
import type { AdjustmentKind } from '../../world/action.ts'
import { type ClientPorts, drawId } from '../client-ports.ts'
import { IDEMPOTENT } from '../persist.ts'
import type { BridgedConsumer } from './bridged-consumer.ts'

/** Sends the request until it has a response. A consumer that nobody has made stays away. */
export const adjustConsumer = async (
  ports: ClientPorts,
  consumer: BridgedConsumer,
  { kind, outlet }: { kind: AdjustmentKind; outlet: Outlet },
): Promise<void> => {
  const tokens = consumer.tokens()
  const topicLength = consumer.topic.messages.length
  const adjusted = await ports.persist(outlet, IDEMPOTENT, async () => {
    const { feed, feedConsumers } = ports.system().partitionsFor(outlet).orders
    const adjustment = await adjustmentOf(kind, feed, outlet)
    return await feedConsumers.adjust(consumer.name, adjustment)
  })
  if (adjusted?.ok !== true || kind === 'resume') return
  consumer.recordEnded(tokens)
  if (kind === 'seek') consumer.seeks.push(topicLength)
}

const adjustmentOf = async (
  kind: AdjustmentKind,
  feed: Parameters<typeof cursorAt>[0],
  outlet: Outlet,
): Promise<Adjustment> => {
  if (kind === 'seek') return { kind, cursor: await cursorAt(feed, () => 'oldest', drawId('epoch', outlet)) }
  return kind === 'test' ? { kind, testId: newUlid() } : { kind }
}
