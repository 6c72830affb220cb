import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import { fence, type IdempotentRequest, moveKey, type StoredResponse } from '../../messaging/idempotency.ts'
import { type Replied, repliedBefore, workOnce } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import type { PlacingLimits } from '../open-order-limits.ts'
import { type Order, type Placement, placeOrder } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import type { PricingRefusal } from '../pricing.ts'
import type { DueTimes } from './due-times.ts'
import type { OpenOrders, TooManyOpen } from './open-orders.ts'
import type { OrderCounts } from './order-counts.ts'
import { loadOrder, newRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'
import { outstanding } from './outstanding-events.ts'

type Unplaced = Omit<Placement, 'placedAt' | 'deadlineAt'>

/** The priced order, or why it cannot be placed. A repeated request gets its first response before this is read. */
export type Priced = Result<Unplaced, PricingRefusal>

export type PlaceRequest = {
  request: IdempotentRequest | undefined
  placement: Priced
  /** Undefined where the caller has no limits, and where an older edge sends none. */
  bounds?: PlacingLimits | undefined
  /** The label of another partition that takes the order if this one is full. Without it this one takes it anyway. */
  moveTo?: string
}

type Placed = { order: Order }

/** Nothing is placed here under this key, now or later: the partition with this label takes the order. */
export type PartitionFull = { code: 'partition_full'; movedTo: string }

type PlaceRefusal = PricingRefusal | TooManyOpen | PartitionFull | { code: 'request_in_progress' }

export type PlaceReply = Replied<{ order: OrderView }, PlaceRefusal>

/** The reply of the partition that decides: it has room, or is the last one that is left. */
export type FinalPlaceReply = Replied<{ order: OrderView }, Exclude<PlaceRefusal, PartitionFull>>

/** The reply to one of many: a new order is the one that was asked for, and only its time is new to the caller. */
export type ShortPlaceReply = PlaceReply | Result<{ placedAt: Instant }, never>

type Ports = {
  host: PartitionHost
  writes: OrderWrites
  deadlineMs: number
  openOrders: OpenOrders
  counts: OrderCounts
  dueTimes: DueTimes
  /** Whether the partition has no room for further orders. It keeps the rest for those that it has. */
  isFull(): boolean
}

/** Places orders in a partition. Used in a turn. */
export const createPlacement = ({
  host,
  writes,
  deadlineMs,
  openOrders,
  counts,
  dueTimes,
  isFull,
}: Ports) => {
  /** In a turn: stores the order, and publishes it to both legs once the turn is durable. */
  const storeNew = (unplaced: Unplaced): Order => {
    const now = host.now()
    const order = placeOrder({ ...unplaced, placedAt: now, deadlineAt: now + deadlineMs })
    writes.insert(newRow(order, dueTimes.ofNew(order, now), now))
    host.publish(outstanding(order))
    openOrders.track(undefined, order)
    counts.track(undefined, order)
    return order
  }
  const placedBefore = {
    replay: ({ subject }: StoredResponse): Placed => ({ order: asPlaced(host, subject) }),
    fenced: { code: 'request_in_progress' } as const,
    moved: (movedTo: string) => ({ code: 'partition_full', movedTo }) as const,
  }
  /** In a turn. Under a key the new place is stored, so that a repeated request goes there too, also once there is room. */
  const moves = ({ request, placement, moveTo }: PlaceRequest): boolean => {
    if (moveTo === undefined || !placement.ok || !isFull()) return false
    return request === undefined || moveKey(host.sql, request, moveTo, host.now()).kind === 'moved'
  }
  /** In a turn. */
  const placeHere = ({ request, placement, bounds }: PlaceRequest): Replied<Placed, PlaceRefusal> =>
    workOnce<Placed, Unplaced, PlaceRefusal>(host, {
      request,
      ...placedBefore,
      admit: () => {
        if (!placement.ok) return placement
        const tooMany = openOrders.refuse(placement.value, bounds, host.now())
        return tooMany === undefined ? placement : refusal(tooMany)
      },
      work: (unplaced) => {
        const order = storeNew(unplaced)
        const toStore = () => ({ status: 202, body: null, subject: order.orderId })
        return success({ reply: { order }, toStore })
      },
    })
  const placeOnce = (asked: PlaceRequest): Replied<Placed, PlaceRefusal> => {
    const { request, moveTo } = asked
    const isKeyless = request === undefined && moveTo !== undefined
    return moves(asked) && isKeyless ? refusal(placedBefore.moved(moveTo)) : placeHere(asked)
  }
  return {
    place: (request: PlaceRequest): PlaceReply => viewed(host.turn(() => placeOnce(request))),

    /**
     * Places each order, or refuses it with its error, alone. Each has a turn of its own and not a part of one: an order
     * counts for the limits of the next once its turn has returned. The platform commits these turns as one.
     */
    placeAll: (requests: readonly PlaceRequest[]): Result<ShortPlaceReply, string>[] =>
      requests.map((request) => {
        const placed = attempt(host, aboutOf(request), () => placeOnce(request))
        return placed.ok ? success(shortened(placed.value)) : placed
      }),

    /**
     * The reply to a placement under a key that led to this partition before there were more partitions. From now on the
     * key places nothing here.
     */
    fence: (request: IdempotentRequest): PlaceReply | undefined =>
      host.turn(() => {
        const recalled = fence(host.sql, request, host.now())
        const isFree = recalled.kind === 'new' || recalled.kind === 'fenced'
        return isFree ? undefined : viewed(repliedBefore<Placed, PlaceRefusal>(recalled, placedBefore))
      }),

    storeNew,
  }
}

export type PlacementActions = ReturnType<typeof createPlacement>

const viewed = (placed: Replied<Placed, PlaceRefusal>): PlaceReply =>
  placed.ok ? success({ ...placed.value, order: viewOrder(placed.value.order) }) : placed

const shortened = (placed: Replied<Placed, PlaceRefusal>): ShortPlaceReply =>
  placed.ok && !placed.value.isReplay ? success({ placedAt: placed.value.order.placedAt }) : viewed(placed)

/** At the caller: the whole reply to its request. */
export const lengthened = ({ placement }: PlaceRequest, reply: ShortPlaceReply): PlaceReply => {
  if (!reply.ok || !('placedAt' in reply.value)) return reply as PlaceReply
  if (!placement.ok) throw new Error('Broken invariant: an order was placed that has no price')
  const { placedAt } = reply.value
  const order = placeOrder({ ...placement.value, placedAt, deadlineAt: placedAt })
  return success({ order: viewOrder(order), isReplay: false })
}

/** About how many bytes the request is in a call, and not less: two for each character of what a client may choose. */
export const bytesOfPlacement = ({ placement }: PlaceRequest): number => {
  if (!placement.ok) return REQUEST_BYTES
  const { lines, metadata = {} } = placement.value
  const texts = Object.entries(metadata).flat()
  return REQUEST_BYTES + lines.length * LINE_BYTES + texts.reduce((sum, { length }) => sum + 2 * length, 0)
}

/** A request with its ids, hashes, token, customer and reference, and a line with its product: at their longest. */
const REQUEST_BYTES = 2_048
const LINE_BYTES = 256

const aboutOf = ({ placement }: PlaceRequest): Record<string, unknown> =>
  placement.ok ? { orderId: placement.value.orderId, traceId: traceIdOf(placement.value) } : {}

/** The first response to a placement follows from data that never change, so it is not stored. */
const asPlaced = ({ sql }: PartitionHost, orderId: string): Order => {
  const row = loadOrder(sql, orderId)
  if (row === undefined) throw new Error(`Broken invariant: ${orderId} has a response and is not stored`)
  return placeOrder(placementOf(row.order))
}

const placementOf = (order: Order): Placement => {
  const { orderId, client, placedAt, deadlineAt, currency, totalMinor, lines } = order
  return {
    ...{ orderId, client, placedAt, deadlineAt, currency, totalMinor, lines },
    ...(order.externalId !== undefined && { externalId: order.externalId }),
    ...(order.customerId !== undefined && { customerId: order.customerId }),
    ...(order.reference !== undefined && { reference: order.reference }),
    ...(order.metadata !== undefined && { metadata: order.metadata }),
  }
}
