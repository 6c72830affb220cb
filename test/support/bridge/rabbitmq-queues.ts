import { randomUUID } from 'node:crypto'
import { type ChannelModel, connect, type GetMessage } from 'amqplib'
import { QUORUM_QUEUE } from '../../../scripts/bridge/rabbitmq/source.ts'
import { rabbitmq } from '../../../scripts/bridge/rabbitmq.ts'
import type { BrokerOfBridge } from './broker-suite.ts'

/** A queue and an exchange with a queue that gets everything, under names of their own. */
export const rabbitMqQueues = async (url: string): Promise<BrokerOfBridge> => {
  const name = randomUUID()
  const queue = `placed-${name}`
  const exchange = `orders-${name}`
  const producer = await connect(url)
  const channel = await producer.createConfirmChannel()
  await channel.assertExchange(exchange, 'topic')
  const { queue: everything } = await channel.assertQueue(`all-${name}`, QUORUM_QUEUE)
  await channel.bindQueue(everything, exchange, '#')
  const environment = { AMQP_URL: url }
  const openSource = () => rabbitmq.openSource({ flags: { queue }, environment })
  // Opened once, it declares the queue.
  const first = openSource()
  await first.read()
  await first.close()
  return {
    ...{ environment, flagsIn: ['--queue', queue], flagsOut: ['--exchange', exchange] },
    openSource,
    openSink: () => rabbitmq.openSink({ flags: { exchange }, environment }, 'orders'),
    send: async (bodies) => {
      for (const body of bodies) channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
      await channel.waitForConfirms()
    },
    published: async () => (await taken(producer, everything)).map(({ content }) => content.toString()),
    rejected: async () =>
      (await taken(producer, `${queue}.rejected`)).map(({ content, properties: { headers } }) => ({
        ...{
          body: content.toString(),
          code: headers?.['edge-orders-code'],
          detail: headers?.['edge-orders-detail'],
        },
      })),
    stop: () => producer.close(),
  }
}

/** All messages of a queue, which loses them. */
export const taken = async (connection: ChannelModel, queue: string) => {
  const channel = await connection.createChannel()
  const messages: GetMessage[] = []
  for (;;) {
    const message = await channel.get(queue, { noAck: true })
    if (message === false) break
    messages.push(message)
  }
  await channel.close()
  return messages
}
