import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rabbitmq } from '../../scripts/bridge/rabbitmq.ts'
import { outgoingMessage } from '../../src/bridge/outgoing-message.ts'
import { Stop } from '../../src/bridge/ports.ts'
import { describeBroker } from '../support/bridge/broker-suite.ts'
import { feedEvent } from '../support/bridge/fake-feed.ts'
import { startRabbitMq } from '../support/bridge/rabbitmq.ts'
import { QUORUM, rabbitMqQueues, taken } from '../support/bridge/rabbitmq-queues.ts'

let server: Awaited<ReturnType<typeof startRabbitMq>>
beforeAll(async () => {
  server = await startRabbitMq()
}, 90_000)
afterAll(() => server?.stop())

const settingsFor = (flags: Record<string, string>) => ({ flags, environment: { AMQP_URL: server.url } })

describe('a queue and an exchange of RabbitMQ', () => {
  describeBroker(() => rabbitMqQueues(server.url))
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
