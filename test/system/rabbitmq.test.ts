import { randomUUID } from 'node:crypto'
import { type ChannelModel, connect, type GetMessage } from 'amqplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rabbitmq } from '../../scripts/bridge/rabbitmq.ts'
import { outgoingMessage } from '../../src/bridge/outgoing-message.ts'
import { Stop } from '../../src/bridge/ports.ts'
import { type BrokerUnderTest, describeBroker } from '../support/bridge/broker-suite.ts'
import { feedEvent } from '../support/bridge/fake-feed.ts'
import { startRabbitMq } from '../support/bridge/rabbitmq.ts'

let server: Awaited<ReturnType<typeof startRabbitMq>>
beforeAll(async () => {
  server = await startRabbitMq()
}, 90_000)
afterAll(() => server?.stop())

const settingsFor = (flags: Record<string, string>) => ({ flags, environment: { AMQP_URL: server.url } })

/** A queue and an exchange with a queue that gets everything, under names of their own. */
const startQueues = async (): Promise<BrokerUnderTest> => {
  const name = randomUUID()
  const queue = `placed-${name}`
  const exchange = `orders-${name}`
  const producer = await connect(server.url)
  const channel = await producer.createConfirmChannel()
  await channel.assertExchange(exchange, 'topic')
  const { queue: everything } = await channel.assertQueue(`all-${name}`, QUORUM)
  await channel.bindQueue(everything, exchange, '#')
  const openSource = () => rabbitmq.openSource(settingsFor({ queue }))
  // Opened once, it declares the queue.
  const first = openSource()
  await first.read()
  await first.close()
  return {
    openSource,
    openSink: () => rabbitmq.openSink(settingsFor({ exchange })),
    send: async (bodies) => {
      for (const body of bodies) channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
      await channel.waitForConfirms()
    },
    published: async () => (await taken(producer, everything)).map(({ content }) => content.toString()),
    rejected: async () =>
      (await taken(producer, `${queue}.rejected`)).map(({ content, properties: { headers } }) => ({
        ...{ body: content.toString(), code: headers?.['code'], detail: headers?.['detail'] },
      })),
    stop: () => producer.close(),
  }
}

const QUORUM = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

/** All messages of a queue, which loses them. */
const taken = async (connection: ChannelModel, queue: string) => {
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

describe('a queue and an exchange of RabbitMQ', () => {
  describeBroker(startQueues)
})

describe('an exchange of RabbitMQ', () => {
  it('that leads nowhere takes no event, and takes all of them once a queue is bound', async () => {
    const exchange = `nowhere-${randomUUID()}`
    const sink = rabbitmq.openSink(settingsFor({ exchange }))
    const messages = [outgoingMessage(feedEvent('ord_1', 1)), outgoingMessage(feedEvent('ord_1', 2))]
    await expect(sink.deliver(messages)).rejects.toThrow(/No queue is bound .* OrderPlaced/)
    const connection = await connect(server.url)
    const channel = await connection.createChannel()
    const { queue } = await channel.assertQueue(exchange, QUORUM)
    await channel.bindQueue(queue, exchange, 'OrderPlaced')
    await sink.deliver(messages)
    expect((await taken(connection, queue)).map(({ properties }) => properties.messageId)).toEqual([
      'ord_1/1',
      'ord_1/2',
    ])
    await connection.close()
    await sink.close()
  })

  it('refuses a wrong password with what to do', async () => {
    const url = new URL(server.url)
    url.username = 'nobody'
    url.password = 'wrong'
    const sink = rabbitmq.openSink({ flags: {}, environment: { AMQP_URL: url.href } })
    const refusal = await sink.deliver([outgoingMessage(feedEvent('ord_1', 1))]).catch((error) => error)
    expect(refusal).toBeInstanceOf(Stop)
    expect(refusal.advice).toContain('AMQP_URL')
  })
})
