import type { BrokerSink, OutgoingMessage } from '../../../src/bridge/ports.ts'
import { inRounds } from '../../../src/bridge/rounds.ts'
import { type Connection, openConnection, type RabbitMqAddress, type Topology } from './connection.ts'
import { type Publication, publish } from './publish.ts'

export type RabbitMqExchange = { address: RabbitMqAddress; exchange: string }

/**
 * A topic exchange of RabbitMQ; the routing key is the event's type. After a failure the connection is closed, so that
 * nothing of it is still on its way when the events are sent again.
 */
export const rabbitMqSink = ({ address, exchange }: RabbitMqExchange): BrokerSink => {
  let connection: Connection | undefined
  const close = async () => {
    const closing = connection
    connection = undefined
    await closing?.close()
  }
  return {
    deliver: async (messages) => {
      try {
        connection ??= await openConnection(address, [topicExchange(exchange)])
        for (const round of inRounds(messages, ({ key }) => key)) {
          await publish(connection, exchange, round.map(publication))
        }
      } catch (error) {
        await close()
        throw error
      }
    },
    close,
  }
}

const publication = ({ id, type, attributes, structured }: OutgoingMessage): Publication => ({
  routingKey: type,
  content: new TextEncoder().encode(structured),
  options: {
    contentType: 'application/cloudevents+json',
    contentEncoding: 'utf-8',
    type,
    appId: 'edge-orders',
    ...(Buffer.byteLength(id) <= SHORT_TEXT_BYTES_MAX && { messageId: id }),
    headers: { ...(attributes['traceparent'] !== undefined && { traceparent: attributes['traceparent'] }) },
  },
})

/** Properties of AMQP are no longer than this. The id is in the body, too. */
const SHORT_TEXT_BYTES_MAX = 255

const topicExchange = (exchange: string): Topology => ({
  check: (channel) => channel.checkExchange(exchange),
  declare: (channel) => channel.assertExchange(exchange, 'topic', { durable: true }),
})
