/** One thing done to a partition, so many milliseconds after the script's start. No two share their last two digits. */
export type Step = { atMs: number } & (
  | { kind: 'call'; method: string; args: readonly unknown[] }
  /** Memory is gone, storage is not. */
  | { kind: 'restart' }
)

/** What a script left behind: the answer to each call, what was put on queues, every row of every table, and the alarm. */
export type Remains = {
  answers: readonly unknown[]
  messages: readonly Message[]
  rows: Record<string, readonly unknown[]>
  alarmAt: number | null
}

/** A message as a partition put it on the queue that it knows under this name. */
export type Message = { queue: QueueName; body: unknown }

export const QUEUES = [
  ...(['ORDER_INBOX', 'INVENTORY_INBOX', 'PAYMENT_INBOX', 'OPERATIONS_INBOX'] as const),
  'WEBHOOK_DELIVERIES',
] as const

export type QueueName = (typeof QUEUES)[number]

/** A script with what it left in the simulated platform. */
export type Recorded = { seed: number; steps: readonly Step[]; remains: Remains }

/** Services whose partitions run scripts in both platforms. */
export type Scripted = 'order' | 'inventory' | 'payment' | 'operations'

/** Far from now, so that no alarm of the real platform rings by itself. */
export const SCRIPT_START = Date.UTC(2099, 0, 1)

export const TABLES: Record<Scripted, readonly string[]> = {
  order: ['orders', 'idempotency_keys'],
  inventory: ['products', 'holds', 'adjustments', 'facts', 'settings', 'idempotency_keys'],
  payment: ['payments', 'idempotency_keys'],
  operations: [
    ...['webhooks', 'deliveries', 'endpoints', 'subscription', 'removed_webhooks'],
    ...['idempotency_keys', 'answer_parts'],
  ],
}

/** The answer of a call that failed. */
export const THREW = 'threw'

/** A call is handled this long after it was made. */
export const CALL_MS = 1

/** Both platforms seal the secrets of webhooks with it. */
export const SCRIPT_STORAGE_KEY = '6fce713677a624eb0061911bd454236edf255c3aaca057a5b04e07ce2a6a432f'
