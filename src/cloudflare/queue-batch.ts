import { faults } from '#faults'
import type { DeadLetter } from '../contracts/dead-letter.ts'
import type { Consumer, QueueMessage } from '../messaging/consume.ts'
import { consume } from '../messaging/consume.ts'
import { SEND_TIMEOUT_MS } from './publisher.ts'
import { within } from './within.ts'

/** Hands a batch from Cloudflare Queues to one of our consumers. */
export const consumeBatch = (batch: MessageBatch, consumer: Consumer): Promise<void> =>
  faults.consume(consumer.name, batch.messages.map(toQueueMessage), (messages) => consume(messages, consumer))

export const toQueueMessage = (message: Message): QueueMessage => ({
  body: message.body,
  attempts: message.attempts,
  sentAt: message.timestamp.getTime(),
  ack: () => message.ack(),
  retry: (delaySeconds) => message.retry({ delaySeconds }),
})

/** Sends dead letters to the consumer's own dead-letter queue, each with its reason. */
export const parkOn =
  (deadLetters: Queue): ((letters: readonly DeadLetter[]) => Promise<void>) =>
  async (letters) => {
    for (const letter of letters) {
      await within(
        SEND_TIMEOUT_MS,
        'parking a dead letter',
        deadLetters.send(letter, { contentType: 'json' }),
      )
    }
  }
