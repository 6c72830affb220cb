import type { Instant } from '../../../src/kernel/instant.ts'
import { SETTINGS_TABLE } from '../../../src/messaging/fixed-setting.ts'
import type { PartitionHost } from '../../../src/messaging/partition.ts'
import { migrate } from '../../../src/messaging/schema.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { attempt } from '../../../src/messaging/turn.ts'
import type { BankCall, BankOperation, BankRecord, BankResult } from '../../../src/payment/bank.ts'
import { balanceOf } from '../../../src/payment/payment-book.ts'
import { BEHAVIOURS, type Behaviour, type BehaviourName, behaviourOf } from './simulated-behaviours.ts'

/** The bank's books, in its own database. The bank and the payment service share no table. */
export const SIMULATED_BANK_TABLES = [
  `CREATE TABLE operations (
    order_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    operation TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    authorization_id TEXT NOT NULL,
    token TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    faults INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_id, idempotency_key)
  ) WITHOUT ROWID`,
  SETTINGS_TABLE,
  // The bank stores the behaviour that a token stands for, not the token. One statement: these books are for development and tests.
  `ALTER TABLE operations RENAME COLUMN token TO behaviour;
  UPDATE operations SET behaviour = CASE behaviour
    WHEN 'pm_card_visa' THEN 'succeeds'
    WHEN 'pm_card_chargeDeclined' THEN 'declines'
    WHEN 'pm_card_chargeDeclinedInsufficientFunds' THEN 'declines for insufficient funds'
    WHEN 'pm_sim_errorOnce' THEN 'errs once'
    WHEN 'pm_sim_errorSticky' THEN 'errs for ever under one key'
    WHEN 'pm_sim_timeoutOnce' THEN 'loses an answer'
    WHEN 'pm_sim_slow' THEN 'is slow'
    WHEN 'pm_sim_captureDeclined' THEN 'declines to capture'
    WHEN 'pm_sim_captureErrorTwice' THEN 'errs twice at capture'
    WHEN 'pm_sim_voidErrorTwice' THEN 'errs twice at void'
    ELSE 'is unknown'
  END`,
  // One row while the bank is down.
  `CREATE TABLE outage (one INTEGER PRIMARY KEY CHECK (one = 1), began_at INTEGER NOT NULL)`,
] as const

/** One operation as the bank stores it. A call repeated under its key is the same operation. */
export type BookEntry = BankRecord & {
  currency: string
  authorizationId: string
  behaviour: BehaviourName
  detail: string
  /** How often the bank responded to it with an error. */
  faults: number
  at: Instant
}

/** The bank's response, and what happens to it on its way back. */
export type SimulatedResult = { answer: BankResult; delayMs: number; isLost: boolean }

export type Books = {
  entries: readonly BookEntry[]
  currency: string | undefined
  heldMinor: number
  capturedMinor: number
  refundedMinor: number
  /** During an outage the bank responds to no call, and to no look-up. */
  isDown: boolean
}

const SLOW_MS = 2_000

/** A bank for development and tests. Calls that arrive together are one turn; a call that fails is undone alone. */
export class SimulatedBank {
  readonly #host: PartitionHost
  readonly #isDemo: boolean

  /** In a demo a token may take the bank down. */
  constructor(host: PartitionHost, { isDemo }: { isDemo: boolean } = { isDemo: false }) {
    this.#host = host
    this.#isDemo = isDemo
    host.turn(() => migrate(host.sql, SIMULATED_BANK_TABLES))
  }

  perform(calls: readonly BankCall[]): SimulatedResult[] {
    return this.#host.turn(() =>
      calls.map((call) => {
        const performed = attempt(this.#host, { orderId: call.orderId }, () => this.#performOne(call))
        return performed.ok ? performed.value : notEntered(performed.reason)
      }),
    )
  }

  books(orderId: string): Books {
    return { ...balance(loadEntries(this.#host.sql, orderId)), isDown: this.#isDown() }
  }

  /** The orders in the books after this one, in the order of their ids, at most `limit`. */
  ordersAfter(orderId: string, limit: number): { orderId: string; at: Instant; books: Books }[] {
    const rows = this.#host.sql<{ order_id: string; at: number }>(
      'SELECT order_id, min(at) AS at FROM operations WHERE order_id > ? GROUP BY order_id ORDER BY order_id LIMIT ?',
      ...[orderId, limit],
    )
    return rows.map((row) => ({ orderId: row.order_id, at: row.at, books: this.books(row.order_id) }))
  }

  /** Begins or ends an outage. */
  setOutage({ isDown }: { isDown: boolean }): void {
    this.#host.turn(() => {
      if (isDown) beginOutage(this.#host)
      else this.#host.sql('DELETE FROM outage')
    })
  }

  #performOne(call: BankCall): SimulatedResult {
    if (this.#isDown()) return notEntered('The bank is down.')
    const entries = loadEntries(this.#host.sql, call.orderId)
    const known = entries.find((entry) => entry.idempotencyKey === call.idempotencyKey)
    const name = this.#behaviourFor(call, entries)
    const behaviour = BEHAVIOURS[name]
    const delayMs = behaviour.isSlow ? SLOW_MS : 0
    if (known !== undefined && known.outcome !== 'failed') {
      return { answer: answerOf(known), delayMs, isLost: false }
    }
    const entry = this.#enter(call, { entries, known, name, behaviour })
    storeEntry(this.#host.sql, call.orderId, entry, entries.length)
    const isLost = behaviour.losesFirstAuthorization === true && call.operation === 'authorize'
    return { answer: answerOf(entry), delayMs, isLost }
  }

  /** An outage ends with the demo. */
  #isDown(): boolean {
    return this.#isDemo && this.#host.sql('SELECT 1 FROM outage').length > 0
  }

  /** A call after the authorization behaves by the authorization's token. */
  #behaviourFor(call: BankCall, entries: readonly BookEntry[]): BehaviourName {
    return call.token === undefined
      ? (entries.find((entry) => entry.operation === 'authorize')?.behaviour ?? 'succeeds')
      : behaviourOf(call.token, { isDemo: this.#isDemo })
  }

  #enter(call: BankCall, context: Context): BookEntry {
    const { entries, known, name, behaviour } = context
    const { operation, idempotencyKey, amountMinor, currency } = call
    const reference = known?.reference ?? `sim_${call.orderId}_${entries.length + 1}`
    const authorizationId = operation === 'authorize' ? reference : (call.authorizationId ?? '')
    const common = { operation, idempotencyKey, amountMinor, currency, reference, authorizationId }
    const entry = { ...common, behaviour: name, faults: known?.faults ?? 0, at: this.#host.now() }
    if (isFaulty(operation, context)) {
      if (behaviour.takesBankDown) beginOutage(this.#host)
      return { ...entry, outcome: 'failed', detail: 'The bank answered 500.', faults: entry.faults + 1 }
    }
    const refusal = refusalOf(call, behaviour, entries)
    return refusal === undefined
      ? { ...entry, outcome: 'succeeded', detail: '' }
      : { ...entry, outcome: 'declined', detail: `${refusal.code}: ${refusal.detail}` }
  }
}

type Context = {
  entries: readonly BookEntry[]
  known: BookEntry | undefined
  name: BehaviourName
  behaviour: Behaviour
}

/** Errors count per order and operation. A sticky error stays with the key that met it. */
const isFaulty = (operation: BankOperation, { entries, known, behaviour }: Context): boolean => {
  const { errors } = behaviour
  if (errors === undefined || (errors.operation !== 'any' && errors.operation !== operation)) return false
  if (errors.isSticky && known !== undefined) return true
  const met = entries
    .filter((entry) => entry.operation === operation)
    .reduce((total, entry) => total + entry.faults, 0)
  return met < errors.times
}

const refusalOf = (call: BankCall, behaviour: Behaviour, entries: readonly BookEntry[]) => {
  const { declines } = behaviour
  if (declines?.operation === 'any' || declines?.operation === call.operation) return declines
  if (call.operation === 'authorize') return undefined
  const { heldMinor, capturedMinor, refundedMinor } = balance(
    entries.filter((entry) => entry.authorizationId === call.authorizationId),
  )
  const limit = call.operation === 'refund' ? capturedMinor - refundedMinor : heldMinor
  if (call.amountMinor <= limit && limit > 0) return undefined
  return { code: 'invalid_state', detail: `A ${call.operation} of ${call.amountMinor} exceeds ${limit}.` }
}

/** Nothing was done, and the caller cannot know that: it calls again under the same key. */
const notEntered = (detail: string): SimulatedResult => ({
  answer: { kind: 'unknown', detail },
  delayMs: 0,
  isLost: false,
})

const answerOf = (entry: BookEntry): BankResult => {
  if (entry.outcome === 'succeeded') return { kind: 'succeeded', reference: entry.reference }
  if (entry.outcome === 'failed') return { kind: 'error', detail: entry.detail }
  const [code = '', ...detail] = entry.detail.split(': ')
  return { kind: 'declined', code, detail: detail.join(': ') }
}

const balance = (entries: readonly BookEntry[]): Omit<Books, 'isDown'> => ({
  entries,
  currency: entries[0]?.currency,
  ...balanceOf(entries),
})

const beginOutage = ({ sql, now }: PartitionHost): void => {
  sql('INSERT OR IGNORE INTO outage (one, began_at) VALUES (1, ?)', now())
}

type StoredEntry = {
  idempotency_key: string
  operation: BankOperation
  amount_minor: number
  currency: string
  authorization_id: string
  behaviour: BehaviourName
  outcome: BookEntry['outcome']
  detail: string
  faults: number
  at: number
  position: number
}

const loadEntries = (sql: Sql, orderId: string): BookEntry[] =>
  sql<StoredEntry>('SELECT * FROM operations WHERE order_id = ? ORDER BY position', orderId).map((row) => ({
    operation: row.operation,
    idempotencyKey: row.idempotency_key,
    amountMinor: row.amount_minor,
    currency: row.currency,
    authorizationId: row.authorization_id,
    behaviour: row.behaviour,
    outcome: row.outcome,
    reference: `sim_${orderId}_${row.position + 1}`,
    detail: row.detail,
    faults: row.faults,
    at: row.at,
  }))

const storeEntry = (sql: Sql, orderId: string, entry: BookEntry, position: number): void => {
  sql(
    `INSERT INTO operations (order_id, idempotency_key, position, operation, amount_minor, currency,
        authorization_id, behaviour, outcome, detail, faults, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (order_id, idempotency_key) DO UPDATE SET
        outcome = excluded.outcome, detail = excluded.detail, faults = excluded.faults, at = excluded.at`,
    orderId,
    entry.idempotencyKey,
    position,
    entry.operation,
    entry.amountMinor,
    entry.currency,
    entry.authorizationId,
    entry.behaviour,
    entry.outcome,
    entry.detail,
    entry.faults,
    entry.at,
  )
}
