/** One thing done to a partition, so many milliseconds after the script's start. No two share their last two digits. */
export type Step = { atMs: number } & (
  | { kind: 'call'; method: string; args: readonly unknown[] }
  /** Memory is gone, storage is not. */
  | { kind: 'restart' }
)

/** What a script left behind: the answer to each call, every row of every table, and the alarm. */
export type Remains = {
  answers: readonly unknown[]
  rows: Record<string, readonly unknown[]>
  alarmAt: number | null
}

/** A script with what it left in the simulated platform. */
export type Recorded = { seed: number; steps: readonly Step[]; remains: Remains }

/** Services whose partitions run scripts in both platforms. */
export type Scripted = 'order' | 'inventory' | 'payment'

/** Far from now, so that no alarm of the real platform rings by itself. */
export const SCRIPT_START = Date.UTC(2099, 0, 1)

export const TABLES: Record<Scripted, readonly string[]> = {
  order: ['orders', 'idempotency_keys'],
  inventory: ['products', 'holds', 'adjustments', 'facts', 'settings', 'idempotency_keys'],
  payment: ['payments', 'idempotency_keys'],
}

/** The answer of a call that failed. */
export const THREW = 'threw'

/** A call is handled this long after it was made. */
export const CALL_MS = 1
