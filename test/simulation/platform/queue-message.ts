import type { Instant } from '../../../src/kernel/instant.ts'
import { valuesIn } from '../../../src/messaging/message-values.ts'
import type { QueueSettings } from './queue-settings.ts'
import type { Timer } from './scheduler.ts'

/** A message of a simulated queue, from its sending to its acknowledgement. */
export type StoredMessage = {
  id: string
  body: unknown
  sentAt: Instant
  attempts: number
  isTaken: boolean
  timer?: Timer
}

/** What the consumer's code did with a message. */
export type MessageOutcome = { kind: 'ack' } | { kind: 'retry'; delayMs: number } | undefined

/** The message as its consumer gets it. The first `ack` or `retry` counts. */
export const toMessage = (
  message: StoredMessage,
  outcomes: Map<string, MessageOutcome>,
  { retryDelayMs }: QueueSettings,
) => {
  const decide = (outcome: MessageOutcome) => {
    if (!outcomes.has(message.id)) outcomes.set(message.id, outcome)
  }
  return {
    id: message.id,
    body: message.body,
    attempts: message.attempts,
    timestamp: new Date(message.sentAt),
    ack: () => decide({ kind: 'ack' }),
    retry: (options?: { delaySeconds?: number }) =>
      decide({
        kind: 'retry',
        delayMs: options?.delaySeconds === undefined ? retryDelayMs : options.delaySeconds * 1_000,
      }),
  }
}

/** The events of some messages, for the timeline. */
export const describe = (bodies: readonly unknown[]): string =>
  bodies.flatMap((body) => valuesIn(body).map(idOf)).join(', ')

/** The subjects of the events in a message. */
export const subjectsOf = (body: unknown): string[] =>
  typeof body === 'string' || Array.isArray(body) ? valuesIn(body).flatMap(subjectOf) : []

const subjectOf = (event: unknown): string[] => {
  if (typeof event !== 'object' || event === null || !('subject' in event)) return []
  return typeof event.subject === 'string' ? [event.subject] : []
}

const idOf = (event: unknown): string => {
  if (typeof event !== 'object' || event === null) return String(event)
  if ('id' in event) return String(event.id)
  if ('reason' in event) return `dead letter (${String(event.reason)})`
  return 'eventType' in event ? `${String(event.eventType)} version 1` : 'something'
}
