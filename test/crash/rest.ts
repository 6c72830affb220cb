import type { Client } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Sender } from './sender.ts'
import { untilSettled } from './settling.ts'
import type { Violation } from './violations.ts'

/** What the contract allows after one restart. */
export const SETTLED_WITHIN_MS = 60_000
/** Beyond that, to tell late from never. */
const PATIENCE_MS = 120_000

export type RestPorts = {
  client: Client
  ledger: Ledger
  sender: Sender
  report: (violation: Violation) => void
}

/** Without load: every request gets its answer, and every order is settled within a minute of the last restart. */
export const rest = async ({ client, ledger, sender, report }: RestPorts, readyAt: number): Promise<void> => {
  const dueAt = readyAt + SETTLED_WITHIN_MS
  await sender.sendUnanswered(AbortSignal.timeout(SETTLED_WITHIN_MS))
  for (const { intent, attempts } of ledger.unanswered()) {
    report({ kind: 'no answer', subject: intent.subject, detail: `${intent.kind}, sent ${attempts} times` })
  }
  const ids = ledger.placed.map(({ order }) => order.orderId)
  const inTime = await untilSettled({ client, ledger, ids, withinMs: dueAt - Date.now() })
  const late = await untilSettled({ client, ledger, ids: inTime.unsettled, withinMs: PATIENCE_MS })
  for (const { orderId, settledAt } of late.settled) {
    report({ kind: 'late', subject: orderId, detail: `settled at ${settledAt}, due at ${toTime(dueAt)}` })
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
