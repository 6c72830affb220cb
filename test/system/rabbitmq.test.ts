import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUORUM_QUEUE } from '../../scripts/bridge/rabbitmq/source.ts'
import { rabbitmq } from '../../scripts/bridge/rabbitmq.ts'
import { outgoingMessage } from '../../src/bridge/outgoing-message.ts'
import { Stop } from '../../src/bridge/ports.ts'
import { describeBroker } from '../support/bridge/broker-suite.ts'
import { feedEvent } from '../support/bridge/fake-feed.ts'
import { startRabbitMq } from '../support/bridge/rabbitmq.ts'
import { rabbitMqQueues, taken } from '../support/bridge/rabbitmq-queues.ts'

let server: Awaited<ReturnType<typeof startRabbitMq>>
beforeAll(async () => {
  server = await startRabbitMq()
}, 90_000)
afterAll(() => server?.stop())

const settingsFor = (flags: Record<string, string>) => ({ flags, environment: { AMQP_URL: server.url } })

describe('a queue and an exchange of RabbitMQ', () => {
  describeBroker(() => rabbitMqQueues(server.url))
})

describe('a queue of RabbitMQ', () => {
  it('gives no message up, however often the bridge reads again', async () => {
    const queue = `limited-${randomUUID()}`
    const connection = await connect(server.url)
    const channel = await connection.createConfirmChannel()
    await channel.assertExchange(`${queue}.rejected`, 'fanout')
    await channel.assertQueue(`${queue}.rejected`, QUORUM_QUEUE)
    await channel.bindQueue(`${queue}.rejected`, `${queue}.rejected`, '')
    const limited = { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 }
    const options = { durable: true, arguments: limited, deadLetterExchange: `${queue}.rejected` }
    await channel.assertQueue(queue, options)
    channel.sendToQueue(queue, Buffer.from('{"orderId":"1"}'))
    await channel.waitForConfirms()
    const source = rabbitmq.openSource(settingsFor({ queue }))
    for (let again = 0; again < 10; again += 1) {
      expect(await source.read()).toHaveLength(1)
      await source.rewind('a test')
    }
    expect(await source.read()).toHaveLength(1)
    await source.commit()
    await source.close()
    expect(await taken(connection, queue)).toEqual([])
    expect(await taken(connection, `${queue}.rejected`)).toEqual([])
    await connection.close()
  })

  it('that the bridge makes gives no message up after many starts either', async () => {
    const queue = `made-${randomUUID()}`
    const source = rabbitmq.openSource(settingsFor({ queue }))
    await source.read()
    await source.close()
    const connection = await connect(server.url)
    const channel = await connection.createChannel()
    const limit = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 }
    const options = { durable: true, arguments: limit, deadLetterExchange: `${queue}.rejected` }
    // RabbitMQ refuses the declaration of a queue that has other arguments.
    expect(await channel.assertQueue(queue, options)).toMatchObject({ queue })
    await connection.close()
  })
})

describe('an exchange of RabbitMQ', () => {
  it('that leads nowhere takes no event, and takes all of them once a queue is bound', async () => {
    const exchange = `nowhere-${randomUUID()}`
    const sink = rabbitmq.openSink(settingsFor({ exchange }), 'orders')
    const messages = [outgoingMessage(feedEvent('ord_1', 1)), outgoingMessage(feedEvent('ord_1', 2))]
    await expect(sink.deliver(messages)).rejects.toThrow(/No queue is bound .* OrderPlaced/)
    const connection = await connect(server.url)
    const channel = await connection.createChannel()
    const { queue } = await channel.assertQueue(exchange, QUORUM_QUEUE)
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
    const sink = rabbitmq.openSink({ flags: {}, environment: { AMQP_URL: url.href } }, 'orders')
    const refusal = await sink.deliver([outgoingMessage(feedEvent('ord_1', 1))]).catch((error) => error)
    expect(refusal).toBeInstanceOf(Stop)
    expect(refusal.advice).toContain('AMQP_URL')
  })

  it('that is killed confirms nothing, and has every confirmed event after its start', async () => {
    const exchange = `killed-${randomUUID()}`
    const before = await connect(server.url)
    before.on('error', () => undefined)
    const channel = await before.createChannel()
    await channel.assertExchange(exchange, 'topic')
    await channel.assertQueue(exchange, QUORUM_QUEUE)
    await channel.bindQueue(exchange, exchange, '#')
    const sink = rabbitmq.openSink(settingsFor({ exchange }), 'orders')
    const messages = [1, 2, 3].map((sequence) => outgoingMessage(feedEvent('ord_1', sequence)))
    await sink.deliver(messages.slice(0, 2))
    await server.untilOnDisk(exchange)
    await server.kill()
    await expect(sink.deliver(messages.slice(2))).rejects.toThrow()
    await server.start()
    await sink.deliver(messages.slice(2))
    const after = await connect(server.url)
    const ids = (await taken(after, exchange)).map(({ properties }) => properties.messageId)
    expect(ids).toEqual(messages.map(({ id }) => id))
    await after.close()
    await sink.close()
  })
})
