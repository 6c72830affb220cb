import { inParallel } from '../support/parallel.ts'
import type { Client } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Sender } from './sender.ts'
import { untilSettled } from './settling.ts'
import type { Workload } from './workload.ts'

const ORDERS_MAX = 240
const PLACING_MAX_MS = 3_000
const PLACERS = 16
const SETTLED_WITHIN_MS = 60_000

/** The load that the generator can produce beside the system, and that can be checked afterwards. */
const PER_SECOND_MAX = 30
const PER_SECOND_MIN = 2

export type CapacityPorts = { client: Client; ledger: Ledger; sender: Sender; workload: Workload }

/** About half of the requests a second that this machine takes, measured with a short burst of orders. */
export const halfOfCapacity = async ({ client, ledger, sender, workload }: CapacityPorts) => {
  const startedAt = Date.now()
  const first = ledger.placed.length
  const burst = Array.from({ length: ORDERS_MAX }, workload.plainOrder)
  await inParallel(
    burst,
    PLACERS,
    (intent) => sender.send(ledger.intend(intent)),
    AbortSignal.timeout(PLACING_MAX_MS),
  )
  const orders = ledger.placed.slice(first)
  const ids = orders.map(({ order }) => order.orderId)
  const { settled } = await untilSettled({ client, ledger, ids, withinMs: SETTLED_WITHIN_MS })
  const lastSettledAt = Math.max(...settled.map((order) => Date.parse(order.settledAt ?? order.placedAt)))
  const perSecond = settled.length / Math.max(0.1, (lastSettledAt - startedAt) / 1_000)
  return {
    measured: perSecond,
    perSecond: Math.min(PER_SECOND_MAX, Math.max(PER_SECOND_MIN, perSecond / 2)),
  }
}
