import { batchesWithin, bytesIn } from '../message-batches.ts'
import type { BrokerSink, OutgoingMessage } from '../ports.ts'
import { inRounds } from '../rounds.ts'
import type { Target } from './targets.ts'

/** SQS, SNS and EventBridge take ten events and 256 KiB at a time. Attributes, ids and the envelope need some of it. */
const BOUNDS = {
  itemsMax: 10,
  bytesMax: 240 * 1024,
  bytesOf: ({ structured, id, type, key }: OutgoingMessage) =>
    bytesIn(structured) + bytesIn(id) + bytesIn(type) + bytesIn(key),
}

const CALLS_AT_ONCE = 8

/**
 * Events in batches. A batch can arrive in part, so it never has two events of one order: after a failed one the next would
 * overtake it.
 */
export const awsSink = (target: Target): BrokerSink => ({
  deliver: async (messages) => {
    for (const round of inRounds(messages, ({ key }) => key)) await deliverRound(target, round)
  },
  close: async () => undefined,
})

const deliverRound = async (target: Target, round: readonly OutgoingMessage[]): Promise<void> => {
  const batches = batchesWithin(round, BOUNDS)
  for (let from = 0; from < batches.length; from += CALLS_AT_ONCE) {
    // All have ended before an error is thrown, so that nothing is still on its way when the events are sent again.
    const outcomes = await Promise.allSettled(batches.slice(from, from + CALLS_AT_ONCE).map(target))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      if (outcome.value.length > 0) {
        throw new Error(`${outcome.value.length} events were refused: ${outcome.value[0]}`)
      }
    }
  }
}
