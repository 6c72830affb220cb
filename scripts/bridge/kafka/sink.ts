import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs'
import { batchesWithin, bytesIn } from '../../../src/bridge/message-batches.ts'
import type { BrokerSink, OutgoingMessage } from '../../../src/bridge/ports.ts'

/** All replicas that are in sync have the message. */
const ACKS_ALL = -1
/** A broker takes 1 MiB in one request unless it is told otherwise; headers and keys count too. */
const REQUEST_BYTES_MAX = 512 * 1024

/** Publishes events in the binary mode of CloudEvents' Kafka binding. The key of a message is the order's id. */
export const kafkaSink = (client: Kafka, topic: string): BrokerSink => {
  const producer = connectedProducer(client)
  return {
    deliver: async (items) => {
      const ready = await producer.ready()
      for (const batch of batchesWithin(items, REQUEST_BOUNDS)) {
        await ready.send({ topic, acks: ACKS_ALL, messages: batch.map(kafkaMessage) })
      }
    },
    close: producer.close,
  }
}

const REQUEST_BOUNDS = {
  itemsMax: 1_000,
  bytesMax: REQUEST_BYTES_MAX,
  bytesOf: ({ structured, key }: OutgoingMessage) => 2 * bytesIn(structured) + key.length,
}

const kafkaMessage = ({ key, attributes, data }: OutgoingMessage): Message => {
  const { traceparent } = attributes
  const prefixed = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value] as const)
  return {
    key,
    value: data,
    headers: {
      'content-type': 'application/json',
      ...(traceparent !== undefined && { traceparent }),
      ...Object.fromEntries(prefixed),
    },
  }
}

/** A producer that connects when it is first used. */
export const connectedProducer = (client: Kafka) => {
  const producer: Producer = client.producer({
    allowAutoTopicCreation: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  let connection: Promise<void> | undefined
  return {
    ready: async (): Promise<Producer> => {
      connection ??= producer.connect()
      await connection.catch((error: unknown) => {
        connection = undefined
        throw error
      })
      return producer
    },
    close: () => producer.disconnect(),
  }
}
