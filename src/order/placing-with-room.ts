import { type Instant, MINUTE_MS } from '../kernel/instant.ts'
import { newOrderId, partitionIndex, partsOfOrderId } from '../kernel/partitions.ts'
import { refusal } from '../kernel/result.ts'
import type { FinalPlaceReply, PlaceReply, PlaceRequest } from './partition/placement.ts'

/** A partition becomes full once, and has room again when old orders leave it. Until then each order would ask it first. */
const REMEMBERED_MS = MINUTE_MS

/** The partitions that were full of late, as one isolate has met them. What it does not know costs a call. */
export const createFullPartitions = (now: () => Instant) => {
  const fullUntil = new Map<string, Instant>()
  const isFull = (label: string): boolean => (fullUntil.get(label) ?? 0) > now()
  return {
    isFull,
    note: (label: string): void => {
      fullUntil.set(label, now() + REMEMBERED_MS)
    },
  }
}

export type FullPartitions = ReturnType<typeof createFullPartitions>

type Ports = {
  /** All partitions. */
  labels: readonly string[]
  /** Those in which the key of the request is fenced: nothing can be placed there. */
  fenced: readonly string[]
  /** What one of them replied to the key. Undefined where the key was not used there. */
  earlier: PlaceReply | undefined
  full: FullPartitions
  place(label: string, request: PlaceRequest): Promise<PlaceReply>
}

/**
 * Places an order in the partition `label`, or where that is full, in another. A key stores in each full partition which one
 * comes next, so a repeated request takes the same way, whatever its isolate knows, and the key places one order. The last
 * partition that is left takes the order although it is full.
 */
export const placeWithRoom = async (
  label: string,
  request: PlaceRequest,
  { labels, fenced, earlier, full, place }: Ports,
): Promise<FinalPlaceReply> => {
  if (earlier !== undefined && isFinal(earlier)) return earlier
  const visited = new Set<string>()
  const others = () => labels.filter((each) => !visited.has(each) && !fenced.includes(each))
  const isKnownFull = request.request === undefined && full.isFull(label)
  let at = movedToOf(earlier) ?? (isKnownFull ? pick(labels, request, full) : label)
  while (at !== undefined && !visited.has(at)) {
    visited.add(at)
    const moveTo = pick(others(), request, full)
    const reply = await place(at, { ...inPartition(request, at), ...(moveTo !== undefined && { moveTo }) })
    if (isFinal(reply)) return reply
    full.note(at)
    at = movedToOf(reply)
  }
  return refusal({ code: 'request_in_progress' })
}

const isFinal = (reply: PlaceReply): reply is FinalPlaceReply => movedToOf(reply) === undefined

const movedToOf = (reply: PlaceReply | undefined): string | undefined =>
  reply?.ok === false && reply.reason.code === 'partition_full' ? reply.reason.movedTo : undefined

/** One of the partitions that are not known to be full, or of all. Different orders get different ones. */
const pick = (
  labels: readonly string[],
  { placement }: PlaceRequest,
  full: FullPartitions,
): string | undefined => {
  const roomy = labels.filter((label) => !full.isFull(label))
  const choice = roomy.length > 0 ? roomy : labels
  const key = placement.ok ? placement.value.orderId : ''
  return choice[partitionIndex(key, choice.length)]
}

/** The order under an id that leads to this partition. */
const inPartition = (request: PlaceRequest, label: string): PlaceRequest => {
  if (!request.placement.ok) return request
  const { value } = request.placement
  const parts = partsOfOrderId(value.orderId)
  if (parts === undefined) throw new Error(`Broken invariant: ${value.orderId} is no id of a new order`)
  return {
    ...request,
    placement: { ok: true, value: { ...value, orderId: newOrderId(label, parts.ulid) } },
  }
}
