import type { Options } from 'amqplib'
import type { Connection } from './connection.ts'

export type Publication = { routingKey: string; content: Uint8Array; options: Options.Publish }

/**
 * Resolves once RabbitMQ has stored all of them in at least one queue each. Rejects where one is refused, or where no queue
 * is bound for it.
 */
export const publish = async (
  { channel, ended }: Connection,
  exchange: string,
  publications: readonly Publication[],
): Promise<void> => {
  const unrouted = new Set<string>()
  const onReturn = ({ fields }: { fields: { routingKey: string } }) => void unrouted.add(fields.routingKey)
  channel.on('return', onReturn)
  try {
    for (const { routingKey, content, options } of publications) {
      channel.publish(exchange, routingKey, Buffer.from(content), {
        ...options,
        mandatory: true,
        persistent: true,
      })
    }
    // RabbitMQ returns a message before it confirms it.
    await Promise.race([channel.waitForConfirms(), ended])
  } finally {
    channel.off('return', onReturn)
  }
  if (unrouted.size > 0) {
    throw new Error(
      `No queue is bound to the exchange ${exchange} for the routing key ${[...unrouted].join(', ')}. Bind one.`,
    )
  }
}
