import { createMiddleware } from 'hono/factory'
import { keepAlive } from '../../../src/cloudflare/http/keep-alive.ts'
import { after } from '../../../src/cloudflare/partition-host.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { createFairLine, type FairLine, type Place } from '../../../src/messaging/fair-line.ts'
import { type Asked, callTogether } from '../../../src/messaging/shared-calls.ts'
import {
  bytesOfPlacement,
  type PlaceReply,
  type PlaceRequest,
} from '../../../src/order/partition/placement.ts'
import type { InTurn, OrderRoutesEnv, PlaceInTurn } from '../variables.ts'
import { limitKeyOf } from './rate-limits.ts'

/** A call of a partition takes milliseconds. After this time the call counts as lost, together with its caller. */
const LEASE_MS = 10 * SECOND_MS
/** After this time in the line a call goes ahead anyway: the line is for fairness, and refuses no call. */
const WAIT_MS_MAX = 10 * SECOND_MS
/** So long the runtime lets a caller work that has hung up. A call of its has a reply by then, or never. */
const REPLY_MS_MAX = 30 * SECOND_MS
/** An RPC may carry 32 MiB. So much is parsed and stored in a few milliseconds. */
const CALL_BYTES_MAX = 1_048_576

const TIMING = { after, waitMsMax: WAIT_MS_MAX, replyMsMax: REPLY_MS_MAX }

type PlacementLine = FairLine<Asked<PlaceRequest, PlaceReply>>

/** Lines up the calls of this isolate, with one line for each order partition. Placements share calls. */
export const fairCalls = () => {
  const lines = new Map<string, PlacementLine>()
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const lineTo = (label: string): PlacementLine => {
      const line = lines.get(label) ?? newLine(c.get('settings').partitionOrders)
      lines.set(label, line)
      return line
    }
    const kept = async <Value>(work: Promise<Value>): Promise<Value> => {
      keepAlive(
        c,
        work.catch(() => undefined),
      )
      return await work
    }
    const inTurn: InTurn = (label, cost, call) =>
      kept(makeCall(lineTo(label).join(limitKeyOf(c), cost), call))
    const placeInTurn: PlaceInTurn = (label, request) => {
      const orderPartitions = c.get('orderPartitions')
      const sharing = {
        line: lineTo(label),
        bearer: limitKeyOf(c),
        asked: { request, cost: 1, bytes: bytesOfPlacement(request) },
        sendAll: (requests: readonly PlaceRequest[]) => orderPartitions.placeAll(label, requests),
      }
      return kept(callTogether(sharing, TIMING))
    }
    c.set('inTurn', inTurn)
    c.set('placeInTurn', placeInTurn)
    return await next()
  })
}

const newLine = (capacity: number): PlacementLine =>
  createFairLine({ now: Date.now, capacity, sharedBytesMax: CALL_BYTES_MAX, leaseMs: LEASE_MS })

const makeCall = async <Value>(place: Place, call: () => Promise<Value>): Promise<Value> => {
  try {
    if (place.turn !== undefined) await Promise.race([place.turn, scheduler.wait(WAIT_MS_MAX)])
    return await call()
  } finally {
    place.leave()
  }
}
