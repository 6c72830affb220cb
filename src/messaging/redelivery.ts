import type { Instant } from '../kernel/instant.ts'
import type { Chance } from './back-off.ts'
import type { Outgoing } from './outgoing.ts'

/*
 * The one rule by which a partition sends outstanding events again: events whose effect it does not know yet. The
 * partition says what its rows are and which events a row has outstanding. This file says when they are sent again.
 */

/** How often the outstanding events of a row were sent, and when last. */
export type Sent = { sends: number; sentAt: Instant }

/**
 * How long after a send its effect is waited for before the next send. The delays are capped for the first minutes, so
 * that one lost message or one restart delays an order by less than a minute: half of it for this, jitter included,
 * and half for the calls that the bank still has to answer.
 */
const RESEND_DELAYS_MS = [5_000, 10_000, 20_000] as const
/** So many sends without an effect take five minutes. That is no passing fault, and eighty copies an hour help no more. */
const EARLY_SENDS_MAX = 16
/** Later the delay doubles up to this. After an outage, the next send comes within about half of the outage's length. */
const RESEND_DELAY_MS_MAX = 600_000
const RESEND_JITTER = 0.2

export const resendDelayMs = (sends: number, chance: Chance): number => {
  const index = Math.min(Math.max(sends, 1), RESEND_DELAYS_MS.length) - 1
  const early = RESEND_DELAYS_MS[index] ?? RESEND_DELAYS_MS[0]
  const delay = Math.min(early * 2 ** Math.max(0, sends - EARLY_SENDS_MAX), RESEND_DELAY_MS_MAX)
  return Math.round(delay * (1 + RESEND_JITTER * chance()))
}

/** The count after a sign that the receiver works: the next send comes within half a minute. */
export const earlySends = (sends: number): number => Math.min(sends, RESEND_DELAYS_MS.length)

/** After the first send of what is outstanding. */
export const sentOnce = (now: Instant): Sent => ({ sends: 1, sentAt: now })

/** When to look again: one delay after the last send or, where that is over, one delay from now. */
export const nextResendAt = ({ sends, sentAt }: Sent, now: Instant, chance: Chance): Instant =>
  afterDelay(sentAt, resendDelayMs(sends, chance), now)

/** The end of a delay that began at `since`; where it is over, the end of the same delay from now. */
export const afterDelay = (since: Instant, delayMs: number, now: Instant): Instant =>
  since + delayMs > now ? since + delayMs : now + delayMs

type Resend = {
  now: Instant
  publish(outgoing: readonly Outgoing[]): void
  /** Whether the queue still has the last copy of an event: then it gets no second copy. */
  isQueued?(outgoing: Outgoing): boolean
  /** The count where the queue has all of them. Without it, the row is looked at later each time. */
  sendsWhileQueued?(sends: number): number
}

/** In a turn: sends the outstanding events of a row again where that is due. Returns the row as it is then. */
export const resend = <Row extends Sent>(
  row: Row,
  outstanding: readonly Outgoing[],
  { now, publish, isQueued = () => false, sendsWhileQueued = (sends) => sends }: Resend,
): Row => {
  if (outstanding.length === 0 || !isResendDue(row, now)) return row
  const lost = outstanding.filter((outgoing) => !isQueued(outgoing))
  if (lost.length === 0) return { ...row, sends: sendsWhileQueued(row.sends + 1) }
  publish(lost)
  return { ...row, sends: row.sends + 1, sentAt: now }
}

/** Without jitter: an alarm that was set with jitter rings later than this. */
const isResendDue = ({ sends, sentAt }: Sent, now: Instant): boolean =>
  now >= sentAt + resendDelayMs(sends, () => 0)
