import type { Client } from './client.ts'
import { gatherEvidence } from './evidence.ts'
import type { Ledger } from './ledger.ts'
import type { Sender } from './sender.ts'
import { untilSettled } from './settling.ts'
import type { Violation } from './violations.ts'

/** The delay that the contract allows after one restart. */
export const SETTLED_WITHIN_MS = 60_000
/** A longer wait, to distinguish a late order from one that never settles. */
const PATIENCE_MS = 120_000
/** One cause delays many orders. A few examples are enough to find it. */
const LATE_SHOWN_MAX = 5

export type RestPorts = {
  client: Client
  ledger: Ledger
  sender: Sender
  report: (violation: Violation) => void
  print: (line: string) => void
}

/**
 * Without load every request gets its response, and every order settles. The contract allows one minute after a single
 * fault, and the simulation checks this limit in virtual time. Here the machine may be busy, and an order may have met
 * ten kills and a faulty bank. A late order is therefore printed with its evidence, and is no violation.
 */
export const rest = async (
  { client, ledger, sender, report, print }: RestPorts,
  readyAt: number,
): Promise<void> => {
  const dueAt = readyAt + SETTLED_WITHIN_MS
  await sender.sendOutstanding(AbortSignal.timeout(SETTLED_WITHIN_MS))
  for (const { intent, attempts } of ledger.outstanding()) {
    report({ kind: 'no response', subject: intent.subject, detail: `${intent.kind}, sent ${attempts} times` })
  }
  const ids = ledger.placed.map(({ order }) => order.orderId)
  const inTime = await untilSettled({ client, ledger, ids, withinMs: dueAt - Date.now() })
  const late = await untilSettled({ client, ledger, ids: inTime.unsettled, withinMs: PATIENCE_MS })
  if (late.settled.length > 0) {
    print(
      `${late.settled.length} orders were settled more than ${SETTLED_WITHIN_MS / 1_000} s after the restart`,
    )
  }
  for (const { orderId } of late.settled.slice(0, LATE_SHOWN_MAX)) {
    const placed = ledger.placed.find(({ order }) => order.orderId === orderId)
    if (placed !== undefined) print(JSON.stringify(await gatherEvidence(client, ledger, placed), null, 2))
  }
  for (const orderId of late.unsettled) {
    report({
      kind: 'not settled',
      subject: orderId,
      detail: `${PATIENCE_MS / 1_000} s after ${toTime(dueAt)}`,
    })
  }
}

const toTime = (ms: number): string => new Date(ms).toISOString()
