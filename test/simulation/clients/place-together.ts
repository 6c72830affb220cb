import { after } from '../../../src/cloudflare/partition-host.ts'
import { createFairLine, type FairLine } from '../../../src/messaging/fair-line.ts'
import { type Asked, callTogether } from '../../../src/messaging/shared-calls.ts'
import {
  bytesOfPlacement,
  type PlaceReply,
  type PlaceRequest,
} from '../../../src/order/partition/placement.ts'
import type { Outlet, Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'

const TIMING = { after, waitMsMax: 10_000, replyMsMax: 30_000 }

export type PlaceTogether = (
  label: string,
  asked: { client: string; request: PlaceRequest },
  outlet: Outlet,
) => Promise<PlaceReply>

/** Places orders in calls that they share, as the edge does. All clients of a world come to one isolate. */
export const createPlaceTogether = ({ scheduler }: Platform, system: () => System): PlaceTogether => {
  const lines = new Map<string, FairLine<Asked<PlaceRequest, PlaceReply>>>()
  const newLine = () =>
    createFairLine<Asked<PlaceRequest, PlaceReply>>({
      ...{ now: () => scheduler.now, capacity: 50 },
      ...{ sharedBytesMax: 1_048_576, leaseMs: 10_000 },
    })
  return (label, { client, request }, outlet) => {
    const line = lines.get(label) ?? newLine()
    lines.set(label, line)
    const { orders } = system().partitionsFor(outlet)
    const sendAll = (requests: readonly PlaceRequest[]) => orders.placeAll(label, requests)
    const asked = { request, cost: 1, bytes: bytesOfPlacement(request) }
    return callTogether({ line, bearer: client, asked, sendAll }, TIMING)
  }
}
