import type { EventsResponse } from '../../../src/bridge/place-orders.ts'
import type { Faults } from './faults.ts'

/** What a status other than 202 says, and for which bodies. The first that matches answers. */
export type Refusal = { matches: RegExp; response: EventsResponse }

/** `POST /events`: the whole batch is placed, or nothing of it. Orders that are there already stay as they are. */
export const createFakeOrdersApi = (refusals: readonly Refusal[] = []) => {
  const orders = new Map<string, string>()
  const bodies: string[] = []
  const place = (body: string): EventsResponse => {
    bodies.push(body)
    const refusal = refusals.find(({ matches }) => matches.test(body))
    if (refusal !== undefined) return refusal.response
    for (const event of JSON.parse(body) as { orderId: string }[]) {
      if (!orders.has(event.orderId)) orders.set(event.orderId, JSON.stringify(event))
    }
    return { status: 202 }
  }
  return {
    bodies,
    orders,
    postEvents: (faults: Faults) => (body: string) => faults.meet(() => place(body)),
  }
}
