import type { ConsumeMessage } from 'amqplib'
import type { BrokerMessage, BrokerSource, Rejection } from '../../../src/bridge/ports.ts'
import { EVENTS_MAX } from '../../../src/contracts/external-order.ts'
import { reasonOf } from '../rejection-reason.ts'
import { type Connection, openConnection, type RabbitMqAddress, type Topology } from './connection.ts'
import { type Publication, publish } from './publish.ts'

export type RabbitMqQueue = {
  address: RabbitMqAddress
  queue: string
  /** The exchange that gets rejected messages. It has to lead to a queue. */
  rejected: string
}

/** How long `read` waits for a first message, so that the bridge can end. */
const WAIT_MS = 1_000

/**
 * A queue of RabbitMQ. Messages are acknowledged on `commit`. `rewind` keeps them at hand: RabbitMQ counts how often a
 * message is given back, and from some number on takes it for poison. Only a lost connection gives them back.
 */
export const rabbitMqSource = (options: RabbitMqQueue): BrokerSource => {
  let consumer: Consumer | undefined
  const opened = async () => (consumer ??= await openConsumer(options))
  const close = async () => {
    const closing = consumer
    consumer = undefined
    await closing?.close()
  }
  const needed = (): Consumer => {
    if (consumer === undefined) throw new Error('The connection to RabbitMQ is gone.')
    return consumer
  }
  return {
    read: async () => (await opened()).page(),
    commit: async () => needed().acknowledge(),
    reject: async (message, why) => needed().reject(message, why),
    rewind: async () => {
      if (consumer?.rewind() !== true) await close()
    },
    close,
  }
}

type Consumer = {
  page(): Promise<BrokerMessage[]>
  acknowledge(): Promise<void>
  /** The next page begins with this one again. False where the connection is lost. */
  rewind(): boolean
  reject(message: BrokerMessage, why: Rejection): Promise<void>
  close(): Promise<void>
}

const openConsumer = async (options: RabbitMqQueue): Promise<Consumer> => {
  const connection = await openConnection(options.address, topologyOf(options))
  const arrivals = createArrivals()
  // A page has as many as one `POST /events` takes.
  await connection.channel.prefetch(EVENTS_MAX)
  await connection.channel.consume(options.queue, (message) => {
    if (message === null) connection.fail(new Error(`RabbitMQ deleted the queue ${options.queue}.`))
    else arrivals.add(message)
  })
  return consumerOf(options, connection, arrivals)
}

const consumerOf = (options: RabbitMqQueue, connection: Connection, arrivals: Arrivals): Consumer => {
  const originals = new Map<BrokerMessage, ConsumeMessage>()
  return {
    page: async () => {
      await Promise.race([arrivals.some(WAIT_MS), connection.ended])
      originals.clear()
      for (const message of arrivals.take()) originals.set(brokerMessage(message), message)
      return [...originals.keys()]
    },
    acknowledge: async () => {
      const last = [...originals.values()].at(-1)
      originals.clear()
      if (last === undefined) return
      connection.channel.ack(last, true)
      // Acknowledgements have no response. One that follows on the same channel comes after them.
      await Promise.race([connection.channel.checkQueue(options.queue), connection.ended])
    },
    rewind: () => {
      arrivals.putBack([...originals.values()])
      originals.clear()
      return connection.isOpen()
    },
    reject: async (message, why) => {
      const original = originals.get(message)
      if (original === undefined) throw new Error('This message is not of the page at hand.')
      await publish(connection, options.rejected, [rejectedCopy(original, why)])
    },
    close: connection.close,
  }
}

type Arrivals = {
  add(message: ConsumeMessage): void
  /** Resolves once there is a message, or after some milliseconds. */
  some(withinMs: number): Promise<void>
  take(): ConsumeMessage[]
  /** In front of what came meanwhile. */
  putBack(messages: readonly ConsumeMessage[]): void
}

const createArrivals = (): Arrivals => {
  const messages: ConsumeMessage[] = []
  let wake = (): void => undefined
  return {
    add: (message) => {
      messages.push(message)
      wake()
    },
    some: async (withinMs) => {
      if (messages.length > 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      const timer = setTimeout(resolve, withinMs)
      await promise
      clearTimeout(timer)
    },
    take: () => messages.splice(0),
    putBack: (those) => void messages.unshift(...those),
  }
}

/** CloudEvents' binding for AMQP allows both. */
const ATTRIBUTE_PREFIX = /^cloudEvents[:_]/

const brokerMessage = ({ content, properties }: ConsumeMessage): BrokerMessage => {
  const attributes = Object.entries(properties.headers ?? {})
    .filter(([name]) => ATTRIBUTE_PREFIX.test(name))
    .map(([name, value]) => [name.replace(ATTRIBUTE_PREFIX, ''), String(value)])
  return { body: content, attributes: Object.fromEntries(attributes) }
}

/** Without an expiry, and without the user: RabbitMQ refuses a message that names another user than the bridge's. */
const rejectedCopy = ({ content, fields, properties }: ConsumeMessage, why: Rejection): Publication => {
  const { expiration: _, userId: __, headers, ...kept } = properties
  return {
    routingKey: fields.routingKey,
    content,
    options: { ...kept, headers: { ...headers, ...reasonOf(why) } },
  }
}

/** A queue on several nodes, and a place for what is rejected. */
const topologyOf = ({ queue, rejected }: RabbitMqQueue): Topology[] => [
  {
    check: (channel) => channel.checkExchange(rejected),
    declare: async (channel) => {
      await channel.assertExchange(rejected, 'fanout', { durable: true })
      await channel.assertQueue(rejected, QUORUM_QUEUE)
      await channel.bindQueue(rejected, rejected, '')
    },
  },
  {
    check: (channel) => channel.checkQueue(queue),
    declare: (channel) => channel.assertQueue(queue, { ...QUORUM_QUEUE, deadLetterExchange: rejected }),
  },
]

/** RabbitMQ 4 takes a message for poison that was given back twenty times, such as by twenty starts without a commit. */
const NO_DELIVERY_LIMIT = 1_000_000_000

export const QUORUM_QUEUE = {
  durable: true,
  arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': NO_DELIVERY_LIMIT },
}
