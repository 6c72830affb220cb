import { setTimeout as sleep } from 'node:timers/promises'
import { type Channel, connect } from 'amqplib'
import { type IHeaders, Kafka, logLevel } from 'kafkajs'
import { z } from 'zod'
import { QUORUM_QUEUE } from '../../../scripts/bridge/rabbitmq/source.ts'
import { startMockKafka } from '../mock-kafka.ts'
import { startRabbitMq } from './rabbitmq.ts'
import { sqsQueues, startSqs } from './sqs-queues.ts'

/** What a test compares: the rest of an event follows from these, or is checked by the suite of all adapters. */
export const eventSchema = z.object({ id: z.string(), type: z.string(), data: z.unknown() })

export type PublishedEvent = z.infer<typeof eventSchema>

/** Nothing is published without the mark. */
const publishedSchema = z
  .object({ ...eventSchema.shape, publishedby: z.literal('edge-orders') })
  .transform(({ publishedby: _, ...event }) => event)

export type RejectedMessage = { body: string; code: string; detail: string }

/** A broker of a test alone, with the bridge's usual names. */
export type BrokerToKill = {
  environment: Record<string, string>
  /** Of each way. */
  flags: Record<'--in' | '--out', string[]>
  /** As a producer does. The broker has to be up. Resolves once all are stored. */
  send(bodies: readonly string[]): Promise<void>
  /** `kill -9`, and a start on what is on its disk. A broker without a disk has none. */
  killAndStart?: () => Promise<void>
  /** What a killed bridge had received comes to the next one at once, where a broker would wait for a minute. */
  returnReceived?: () => Promise<void>
  /** From now on, everything that was and is published, in the broker's sequence. The broker must not be killed any more. */
  follow(): Promise<{ published: PublishedEvent[]; rejected: RejectedMessage[] }>
  stop(): Promise<void>
}

/** librdkafka's mock cluster, with a producer and a reader of KafkaJS. It has no disk. */
export const kafkaToKill = async (): Promise<BrokerToKill> => {
  const mock = await startMockKafka()
  const client = new Kafka({ brokers: [mock.broker], logLevel: logLevel.NOTHING })
  const producer = client.producer()
  await producer.connect()
  const consumer = client.consumer({ groupId: 'test' })
  const flags = ['--brokers', mock.broker]
  return {
    environment: {},
    flags: { '--in': flags, '--out': flags },
    send: async (bodies) => {
      await producer.send({ topic: 'order-placed', messages: bodies.map((value) => ({ value })) })
    },
    follow: async () => {
      const followed: Followed = { published: [], rejected: [] }
      await consumer.connect()
      await consumer.subscribe({
        topics: ['edge-orders.orders', 'order-placed.rejected'],
        fromBeginning: true,
      })
      await consumer.run({
        eachMessage: async ({ topic, message: { value, headers = {} } }) => {
          const body = String(value)
          if (topic === 'edge-orders.orders') followed.published.push(eventOf(headers, body))
          else followed.rejected.push({ body, ...reasonIn(headers) })
        },
      })
      return followed
    },
    stop: async () => {
      await Promise.all([producer.disconnect(), consumer.disconnect()])
      mock.stop()
    },
  }
}

type Followed = Awaited<ReturnType<BrokerToKill['follow']>>

const eventOf = (headers: IHeaders, value: string): PublishedEvent =>
  publishedSchema.parse({
    id: String(headers['ce_id']),
    type: String(headers['ce_type']),
    publishedby: String(headers['ce_publishedby']),
    data: JSON.parse(value),
  })

const reasonIn = (headers: IHeaders) => ({
  code: String(headers['edge-orders-code']),
  detail: String(headers['edge-orders-detail']),
})

/** How often the queues in memory are looked at. */
const LOOK_MS = 250

/** SQS in memory, with FIFO queues. Nobody receives from the queue of events, so that it keeps them all. */
export const sqsToKill = async (): Promise<BrokerToKill> => {
  const server = await startSqs()
  const queues = await sqsQueues(server)
  let looking: NodeJS.Timeout | undefined
  return {
    environment: queues.environment,
    flags: { '--in': queues.flagsIn, '--out': queues.flagsOut },
    send: queues.send,
    returnReceived: queues.returnReceived,
    follow: async () => {
      const followed: Followed = { published: [], rejected: [] }
      const look = async () => {
        const [bodies, rejected] = await Promise.all([queues.published(), queues.rejected()])
        const events = bodies.slice(followed.published.length)
        followed.published.push(...events.map((body) => publishedSchema.parse(JSON.parse(body))))
        followed.rejected.push(...rejected.slice(followed.rejected.length))
      }
      looking = setInterval(look, LOOK_MS)
      return followed
    },
    stop: async () => {
      clearInterval(looking)
      await server.stop()
    },
  }
}

const PLACED = 'order-placed'
const REJECTED = `${PLACED}.rejected`
const EXCHANGE = 'edge-orders.orders'
/** What a bridge counts as published meanwhile, without a confirmation, is lost with the kill. */
const FROZEN_MS = 200
/** A queue that is bound to all types of events. */
const EVERYTHING = 'everything'

/** RabbitMQ, with a disk. Queues are there before the first bridge, so that a kill finds them on the disk. */
export const rabbitMqToKill = async (): Promise<BrokerToKill> => {
  const server = await startRabbitMq()
  const onChannel = async (work: (channel: Channel) => Promise<unknown>): Promise<void> => {
    const connection = await connect(server.url)
    const channel = await connection.createConfirmChannel()
    await work(channel)
    await channel.waitForConfirms()
    await connection.close()
  }
  await onChannel(declareAll)
  const reader = async () => {
    const connection = await connect(server.url)
    connection.on('error', () => undefined)
    return connection
  }
  let following: Awaited<ReturnType<typeof reader>> | undefined
  return {
    environment: { AMQP_URL: server.url },
    flags: { '--in': [], '--out': [] },
    send: (bodies) =>
      onChannel(async (channel) => {
        for (const body of bodies) channel.sendToQueue(PLACED, Buffer.from(body), { persistent: true })
      }),
    killAndStart: async () => {
      for (const queue of [PLACED, REJECTED, EVERYTHING]) await server.untilOnDisk(queue)
      server.freeze()
      await sleep(FROZEN_MS)
      await server.kill()
      await server.start()
    },
    follow: async () => {
      const followed: Followed = { published: [], rejected: [] }
      following = await reader()
      const channel = await following.createChannel()
      await channel.consume(
        EVERYTHING,
        (message) => {
          const body = String(message?.content)
          followed.published.push(publishedSchema.parse(JSON.parse(body)))
        },
        { noAck: true },
      )
      await channel.consume(
        REJECTED,
        (message) => {
          const body = String(message?.content)
          followed.rejected.push({ body, ...reasonIn(message?.properties.headers ?? {}) })
        },
        { noAck: true },
      )
      return followed
    },
    stop: async () => {
      await following?.close()
      await server.stop()
    },
  }
}

const declareAll = async (channel: Channel): Promise<void> => {
  await channel.assertExchange(REJECTED, 'fanout')
  await channel.assertExchange(EXCHANGE, 'topic')
  for (const queue of [PLACED, REJECTED, EVERYTHING]) await channel.assertQueue(queue, QUORUM_QUEUE)
  await channel.bindQueue(REJECTED, REJECTED, '')
  await channel.bindQueue(EVERYTHING, EXCHANGE, '#')
}
