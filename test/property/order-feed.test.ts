import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FeedPartitions } from '../../src/order/feed-reader.ts'
import { loadOrder } from '../../src/order/partition/order-store.ts'
import {
  OPERATOR,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  stockCommitted,
  stockReserved,
} from '../support/builders.ts'
import { createFeedFollower, type FeedFollower } from '../support/feed-follower.ts'
import { createOrderWorld } from '../support/order-world.ts'

const PARTITIONS = 3
const ORDERS_EACH = 4
const REPORTS = [
  [stockReserved],
  [paymentAuthorized],
  [stockReserved, paymentAuthorized],
  [stockCommitted, paymentCaptured],
  [paymentDeclined],
  [paymentRefunded],
]

const idOf = (partition: number, order: number) => `ord_${partition}_01m844dzg0000000000000000${order}`

const orderArbitrary = fc.record({ partition: fc.nat(PARTITIONS - 1), order: fc.nat(ORDERS_EACH - 1) })

const stepArbitrary = fc.oneof(
  { weight: 12, arbitrary: orderArbitrary.map((which) => ({ kind: 'place' as const, ...which })) },
  {
    weight: 32,
    arbitrary: fc
      .tuple(orderArbitrary, fc.nat(REPORTS.length - 1))
      .map(([which, report]) => ({ kind: 'report' as const, ...which, report })),
  },
  { weight: 8, arbitrary: orderArbitrary.map((which) => ({ kind: 'cancel' as const, ...which })) },
  {
    weight: 24,
    arbitrary: fc.integer({ min: 1, max: 5 }).map((limit) => ({ kind: 'read' as const, limit })),
  },
  {
    weight: 4,
    arbitrary: fc.nat(PARTITIONS - 1).map((partition) => ({ kind: 'restart' as const, partition })),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'grow' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'switch off' as const }) },
)

type Step = typeof stepArbitrary extends fc.Arbitrary<infer Each> ? Each : never

/** A deployment in memory. It begins with one partition and grows. */
const createShop = () => {
  const worlds = Array.from({ length: PARTITIONS }, () => createOrderWorld())
  let count = 1
  const at = (partition: number) => worlds[partition % count] ?? createOrderWorld()
  const partitions = (): FeedPartitions => ({
    labels: Array.from({ length: count }, (_, label) => String(label)),
    read: async (label, request) => at(Number(label)).partition().feed.read(request),
    untilNew: async (label, place, withinMs) => at(Number(label)).partition().feed.untilNew(place, withinMs),
  })
  const follower = createFeedFollower(partitions)
  const change = (step: Extract<Step, { order: number }>): void => {
    const orderId = idOf(step.partition % count, step.order)
    const world = at(step.partition)
    const isStored = loadOrder(world.memory.sql, orderId) !== undefined
    if (step.kind === 'place' && !isStored) world.place({ orderId })
    if (step.kind === 'cancel' && isStored) world.cancel({ orderId, caller: OPERATOR })
    if (step.kind !== 'report') return
    for (const report of REPORTS[step.report] ?? []) world.answer(report({ data: { orderId } }))
  }
  const act = async (step: Step): Promise<void> => {
    if (step.kind === 'read') await follower.read(step.limit)
    else if (step.kind === 'grow') count = Math.min(count + 1, PARTITIONS)
    else if (step.kind === 'switch off') for (const world of worlds) world.partition().feed.switchOff()
    else if (step.kind === 'restart') at(step.partition).restart()
    else change(step)
  }
  /** What `GET /orders/{orderId}/events` shows of each order. */
  const stored = (): Record<string, string[]> =>
    Object.fromEntries(
      Array.from({ length: PARTITIONS * ORDERS_EACH }, (_, index) => {
        const orderId = idOf(Math.floor(index / ORDERS_EACH), index % ORDERS_EACH)
        const world = worlds[Math.floor(index / ORDERS_EACH)]
        return [
          orderId,
          world
            ?.partition()
            .events(orderId, OPERATOR)
            ?.map(({ id }) => id) ?? [],
        ]
      }).filter(([, ids]) => ids?.length),
    )
  return { act, stored, follower, partitions }
}

const readToEnd = async (follower: FeedFollower): Promise<void> => {
  while ((await follower.read(2)) !== 0);
}

it('G11: whatever happens between its pages, a reader gets every event of every order, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 10, maxLength: 60 }), async (steps) => {
      const shop = createShop()
      for (const step of steps) {
        await shop.act(step)
        expect(shop.follower.misplaced()).toEqual([])
      }
      await readToEnd(shop.follower)
      expect(shop.follower.received()).toEqual(shop.stored())
      const late = createFeedFollower(shop.partitions)
      await readToEnd(late)
      expect(late.received()).toEqual(shop.stored())
    }),
    { numRuns: 300 },
  )
})
