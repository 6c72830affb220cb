import { newUlid } from '../../../../src/cloudflare/new-ulid.ts'
import type { Adjustment } from '../../../../src/order/partition/feed-consumers.ts'
import type { Outlet } from '../../platform/platform.ts'
import type { AdjustmentKind } from '../../world/action.ts'
import { type ClientPorts, drawId } from '../client-ports.ts'
import { IDEMPOTENT } from '../persist.ts'
import type { BridgedConsumer } from './bridged-consumer.ts'
import { BRIDGED_FEEDS } from './bridged-feed.ts'

/** Sends the request until it has a response. A consumer that nobody has made stays away. */
export const adjustConsumer = async (
  ports: ClientPorts,
  consumer: BridgedConsumer,
  { kind, outlet }: { kind: AdjustmentKind; outlet: Outlet },
): Promise<void> => {
  const tokens = consumer.tokens()
  const topicLength = consumer.topic.messages.length
  const adjusted = await ports.persist(outlet, IDEMPOTENT, async () => {
    const partitions = ports.system().partitionsFor(outlet)
    const seek = async (): Promise<Adjustment> => {
      const cursor = await BRIDGED_FEEDS[consumer.feed].oldest(partitions, drawId('epoch', outlet))
      return { kind: 'seek', feed: consumer.feed, cursor }
    }
    const adjustment = kind === 'seek' ? await seek() : adjustmentOf(kind)
    return await partitions.orders.feedConsumers.adjust(consumer.name, adjustment)
  })
  if (adjusted?.ok !== true || kind === 'resume') return
  consumer.recordEnded(tokens)
  if (kind === 'seek') consumer.seeks.push(topicLength)
}

const adjustmentOf = (kind: Exclude<AdjustmentKind, 'seek'>): Adjustment =>
  kind === 'test' ? { kind, testId: newUlid() } : { kind }
