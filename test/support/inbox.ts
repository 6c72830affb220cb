import type { DeadLetter } from '../../src/contracts/dead-letter.ts'
import type { DomainEvent } from '../../src/contracts/events.ts'
import { type Consumer, consume, done, type Outcome, type QueueMessage } from '../../src/messaging/consume.ts'
import { NOW } from './builders.ts'

/** A message and what became of it. */
export const message = (body: unknown, attempts = 1) => {
  const fates: string[] = []
  const message: QueueMessage = {
    body,
    attempts,
    sentAt: NOW,
    ack: () => {
      fates.push('ack')
    },
    retry: (seconds) => {
      fates.push(`retry in ${seconds} s`)
    },
  }
  return { message, fates }
}

/** A consumer that gives these outcomes, and what it saw. */
export const consumerOf = (
  handle: (events: readonly DomainEvent[]) => Outcome[],
  changes: Partial<Consumer> = {},
) => {
  const handled: DomainEvent[][] = []
  const parked: DeadLetter[] = []
  const logged: unknown[] = []
  const consumer: Consumer = {
    name: 'inventory',
    defaultCurrency: 'USD',
    handle: async (events) => {
      handled.push([...events])
      return handle(events)
    },
    park: async (letters) => {
      parked.push(...letters)
    },
    chance: () => 0.999,
    log: (level, text, fields) => {
      logged.push([level, text, fields])
    },
    ...changes,
  }
  return { consumer, handled, parked, logged }
}

export const allDone = () => consumerOf((events) => events.map(() => done))
export const byType = (outcomes: Record<string, Outcome>) =>
  consumerOf((events) => events.map((event) => outcomes[event.type] ?? done))

export const run = async (consumer: Consumer, ...messages: ReturnType<typeof message>[]) => {
  await consume(
    messages.map(({ message }) => message),
    consumer,
  )
  return messages.map(({ fates }) => fates)
}
