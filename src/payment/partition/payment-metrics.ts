import { gauge, type Sample } from '../../contracts/metrics.ts'
import { type Instant, SECOND_MS, secondsSince } from '../../kernel/instant.ts'
import type { Counters } from '../../messaging/counters.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { BankLookup, BankOperation, BankResult } from '../bank.ts'
import type { BankOutage } from './bank-outage.ts'
import { countWaiting, earliestDue } from './payment-store.ts'

/** What the payment partition knows of its bank. `name` is the bank's name in `PAYMENT_GATEWAY`. */
export type MeasuredBank = { name: string; outage: BankOutage }

/** What a payment partition counts and measures. Nothing is written for it. */
export const measurePayments = (
  { sql, now }: PartitionHost,
  counters: Counters,
  bank: MeasuredBank,
): Sample[] => [
  ...counters.samples([
    'edge_orders_bank_calls_total',
    'edge_orders_bank_call_seconds',
    'edge_orders_events_resent_total',
    'edge_orders_duplicates_suppressed_total',
  ]),
  ...measureWaiting(sql, now()),
  gauge('edge_orders_bank_failing_seconds', bank.outage.seconds(), { bank: bank.name }),
  gauge('edge_orders_partition_late_seconds', secondsSince(earliestDue(sql), now())),
]

const measureWaiting = (sql: Sql, now: Instant): Sample[] => {
  const { waiting, oldestAt } = countWaiting(sql)
  return [
    gauge('edge_orders_payments_waiting', waiting),
    gauge('edge_orders_oldest_waiting_payment_seconds', secondsSince(oldestAt, now)),
  ]
}

/** A call of the bank. A Worker of the version before sends neither its operation nor its time. */
export type MeasuredCall = { operation?: BankOperation; tookMs?: number } & (
  | { answer: BankResult }
  | { lookup: BankLookup }
)

/** Counts a call that a Worker has made, whatever becomes of its result. */
export const countBankCall = ({ add, observe }: Counters, outage: BankOutage, call: MeasuredCall): void => {
  const operation = 'lookup' in call ? 'look_up' : call.operation
  if (operation === undefined) return
  const { kind: outcome } = 'lookup' in call ? call.lookup : call.answer
  add('edge_orders_bank_calls_total', { operation, outcome })
  outage.note(outcome)
  if (call.tookMs === undefined) return
  observe('edge_orders_bank_call_seconds', { operation }, call.tookMs / SECOND_MS)
}
