import type { Subscriber, Subscriptions } from '../../src/contracts/topology.ts'
import { type Instant, MINUTE_MS } from '../../src/kernel/instant.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import type { Archive } from '../../src/order/archive.ts'
import type { FeedConsumer } from '../../src/order/feed-consumer.ts'
import type { PlacingLimits } from '../../src/order/open-order-limits.ts'
import type { Order, Placement } from '../../src/order/order.ts'
import { OrderPartition } from '../../src/order/partition/order-partition.ts'
import type { RetentionPorts } from '../../src/order/partition/portion-steps.ts'
import type { TokenHasher } from '../../src/order/payment-token.ts'
import type { LegReport } from '../../src/order/saga.ts'
import { CLIENT, ORDER_ID, placement } from './builders.ts'
import { createInMemorySql } from './in-memory-sql.ts'
import { createMemoryHost } from './memory-host.ts'

type Options = {
  wanted?: readonly string[] | 'not told'
  hashToken?: TokenHasher | 'no key'
  subscriptions?: Subscriptions
  isFull?: () => boolean
  /** Orders leave so many days after their last fact. Without it no archive is bound. */
  retentionDays?: number
  /** In memory where it is not given. */
  sql?: Sql
}

/** Stands in for an HMAC. */
const hashInClear: TokenHasher = async (client, externalId, token) => [
  `key1.${[client, externalId, token].join()}`,
]

/** An order partition in memory that was told what webhooks want, with a read model and queue metrics that do as they are told. */
export const createOrderWorld = ({
  wanted = [],
  hashToken = hashInClear,
  subscriptions = {},
  isFull = () => false,
  retentionDays,
  sql = createInMemorySql(),
}: Options = {}) => {
  const memory = createMemoryHost({ sql })
  const listed: Order[] = []
  const archived = new Map<string, string>()
  const unlisted: string[] = []
  const world = {
    memory,
    /** What the read model was given, in that order. */
    listed,
    /** What the read model does before it takes anything. */
    onList: async (): Promise<void> => {},
    /** Of the code that runs after the next restart. */
    subscriptions,
    oldestWaiting: async (_inbox: Subscriber): Promise<Instant | undefined> => undefined,
    /** Texts of the archive by their names. */
    archived,
    /** The ids of orders that were taken off the read model. */
    unlisted,
    retentionDays,
    /** Whether inventory and payment acknowledge that orders have left. */
    legsLetGo: true,
    /** What the archive does before it takes anything, and the read model before it loses anything. */
    onArchive: async (_name: string): Promise<void> => {},
    onUnlist: async (): Promise<void> => {},
    /** The consumers of the feed, as the first partition has them. */
    consumers: async (): Promise<FeedConsumer[]> => [],
  }
  const archive: Archive = {
    put: async (name, text) => {
      await world.onArchive(name)
      archived.set(name, text)
    },
    get: async (name) => archived.get(name),
  }
  const retention = (): RetentionPorts | undefined =>
    world.retentionDays === undefined
      ? undefined
      : {
          days: world.retentionDays,
          label: '0',
          archive,
          unlist: async (keys) => {
            await world.onUnlist()
            unlisted.push(...keys.map(([, , orderId]) => orderId))
          },
          consumers: () => world.consumers(),
        }
  const start = (key = hashToken) =>
    new OrderPartition({
      host: memory.host,
      list: async (orders) => {
        await world.onList()
        listed.push(...orders)
      },
      oldestWaiting: (inbox) => world.oldestWaiting(inbox),
      hashToken: key === 'no key' ? undefined : key,
      deadlineMs: 15 * MINUTE_MS,
      defaultCurrency: 'USD',
      subscriptions: world.subscriptions,
      isFull,
      retention: retention(),
    })
  let partition = start()
  const letLegsGo = (): void => {
    for (const { to, event } of memory.published())
      if (event.type === 'OrdersArchived') partition.acknowledgeBy(to, [event.id])
  }
  if (wanted !== 'not told') partition.setWantedTypes({ revision: 1, types: wanted })
  return Object.assign(world, {
    partition: () => partition,
    /** As after an eviction: memory is gone, storage is not. */
    restart: (key = hashToken) => {
      partition = start(key)
    },
    place: (changes: Partial<Placement> = {}, request?: IdempotentRequest, bounds?: PlacingLimits) => {
      const { placedAt: _at, deadlineAt: _deadline, ...value } = placement(changes)
      return partition.place({ request, placement: { ok: true, value }, bounds })
    },
    cancel: (changes: Partial<Parameters<OrderPartition['cancel']>[0]> = {}) =>
      partition.cancel({
        orderId: ORDER_ID,
        caller: CLIENT,
        request: undefined,
        detail: 'Changed my mind.',
        traceparent: undefined,
        ...changes,
      }),
    answer: (...answers: LegReport[]) => partition.applyReports(answers),
    view: () => partition.get(ORDER_ID, CLIENT),
    wake: async () => {
      await partition.wake()
      if (world.legsLetGo) letLegsGo()
    },
    /** `to type` of what was published since this was last asked. */
    published: () => memory.takePublished().map(({ to, event }) => `${to} ${event.type}`),
  })
}

export type OrderWorld = ReturnType<typeof createOrderWorld>
