import { z } from 'zod'
import { BOOTSTRAP_CLIENT } from '../contracts/caller.ts'
import type { RoomLimits } from '../messaging/waiting-room.ts'

/** How many live streams, or waits for a decision, one isolate holds at the same time. */
export type LiveLimits = { total: number; perClient: number; perAddress: number; perOrder: number }

/** How many reads wait in one order partition, whichever isolates they come from. */
export type WaitLimits = { total: number; perOrder: number }

/** More than an isolate of 128 MB can hold would be no limit. */
const count = (standard: number) => z.coerce.number().int().min(1).max(10_000).default(standard)

/** Every tab and device that watches one order, and its shop. */
const PER_ORDER = 100

/**
 * A stream costs an isolate and its partition at most 160 KB together (measured locally, where both are one process), so
 * five hundred are 80 MB of the isolate's 128.
 */
export const liveFields = {
  STREAMS_PER_ORDER_MAX: count(PER_ORDER),
  STREAMS_MAX: count(500),
  STREAMS_PER_CLIENT_MAX: count(400),
  STREAMS_PER_ADDRESS_MAX: count(100),
  WAITS_MAX: count(1_000),
  WAITS_PER_CLIENT_MAX: count(800),
  PARTITION_WAITS_MAX: count(1_000),
  PARTITION_ORDERS_MAX: count(50),
}

export const PARTITION_WAITS: WaitLimits = { total: 1_000, perOrder: PER_ORDER }

type Fields = { [Name in keyof typeof liveFields]: z.infer<(typeof liveFields)[Name]> }

export const liveLimits = (
  fields: Fields,
): { streams: LiveLimits; waits: LiveLimits; partitionWaits: WaitLimits; partitionOrders: number } => {
  const perOrder = fields.STREAMS_PER_ORDER_MAX
  const perAddress = fields.STREAMS_PER_ADDRESS_MAX
  return {
    streams: { total: fields.STREAMS_MAX, perClient: fields.STREAMS_PER_CLIENT_MAX, perAddress, perOrder },
    waits: { total: fields.WAITS_MAX, perClient: fields.WAITS_PER_CLIENT_MAX, perAddress, perOrder },
    partitionWaits: { total: fields.PARTITION_WAITS_MAX, perOrder },
    partitionOrders: fields.PARTITION_ORDERS_MAX,
  }
}

/** The key that a stream counts against: the client of its API key, or the address of its read token's bearer. */
export const limitKeyOfClient = (client: string): string => `client ${client}`
export const limitKeyOfAddress = (network: string): string => `address ${network}`

/** The bootstrap key's client has no share of its own: only the limits for one order and in total apply to it. */
export const roomLimitsFor = (
  bearer: string,
  { total, perClient, perAddress, perOrder }: LiveLimits,
): RoomLimits => {
  if (bearer === limitKeyOfClient(BOOTSTRAP_CLIENT)) return { total, perBearer: total, perOrder }
  return { total, perBearer: bearer.startsWith('address ') ? perAddress : perClient, perOrder }
}
