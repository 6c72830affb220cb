import type { Consumer, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs'
import type { BrokerMessage, BrokerSource, Rejection } from '../../../src/bridge/ports.ts'
import { EVENTS_MAX } from '../../../src/contracts/external-order.ts'
import { createHandOff } from '../hand-off.ts'
import { reasonOf } from '../rejection-reason.ts'
import { connectedProducer } from './sink.ts'

export type KafkaSourceOptions = { topic: string; group: string; isFromOldest: boolean }

/** A group's member that is killed is replaced after so long. Brokers take no less than 6 s. */
const SESSION_MS = 10_000
const HEARTBEAT_MS = 2_000

type Page = { messages: readonly BrokerMessage[]; commit(): Promise<void> }

/** Where a message came from: a rejected one takes its key and headers along. */
type Origin = { message: KafkaMessage; partition: number }

/** The messages of a topic, read by a consumer group. Offsets are committed page by page. */
export const kafkaSource = (client: Kafka, options: KafkaSourceOptions): BrokerSource => {
  const origins = new WeakMap<BrokerMessage, Origin>()
  const member = createMember(client, options, origins)
  const rejects = connectedProducer(client)
  let page: Page | undefined
  return {
    read: async () => {
      page = await member.read()
      return page?.messages ?? []
    },
    commit: async () => {
      if (page !== undefined) await member.commit(page)
      page = undefined
    },
    rewind: async () => {
      page = undefined
    },
    reject: async (message, why) => {
      const origin = origins.get(message)
      if (origin === undefined) throw new Error('Only a message of this source can be rejected.')
      const producer = await rejects.ready()
      await producer.send({
        topic: `${options.topic}.rejected`,
        acks: -1,
        messages: [rejectedMessage(origin, options.topic, why)],
      })
    },
    close: async () => {
      await Promise.all([member.close(), rejects.close()])
    },
  }
}

const rejectedMessage = ({ message, partition }: Origin, topic: string, why: Rejection) => ({
  key: message.key,
  value: message.value,
  headers: {
    ...message.headers,
    ...reasonOf(why),
    'edge-orders-origin': `${topic}/${partition}/${message.offset}`,
  },
})

/** A member of the consumer group. It joins when it is first read, and again after it was lost. */
const createMember = (
  client: Kafka,
  options: KafkaSourceOptions,
  origins: WeakMap<BrokerMessage, Origin>,
) => {
  const handOff = createHandOff<Page>()
  let consumer: Consumer | undefined
  let crash: Error | undefined

  const leave = async (): Promise<void> => {
    const left = consumer
    consumer = undefined
    handOff.withdraw()
    await left?.disconnect().catch(() => undefined)
  }

  const join = async (): Promise<void> => {
    const joining = client.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      retry: { retries: 2, restartOnFailure: async () => false },
    })
    consumer = joining
    joining.on(joining.events.CRASH, ({ payload }) => {
      crash = payload.error
    })
    await joining.connect()
    await joining.subscribe({ topic: options.topic, fromBeginning: options.isFromOldest })
    await joining.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => offerBatch(payload, handOff, origins),
    })
  }

  return {
    read: async (): Promise<Page | undefined> => {
      if (crash !== undefined) {
        const error = crash
        crash = undefined
        await leave()
        throw error
      }
      if (consumer === undefined) {
        await join().catch(async (error: unknown) => {
          await leave()
          throw error
        })
      }
      return handOff.take()
    },
    commit: async (page: Page): Promise<void> => {
      if (!handOff.isOnOffer(page)) throw new Error('The group has given the partition to another member.')
      await page.commit()
      handOff.finish()
    },
    close: leave,
  }
}

/** Offers the messages of a batch in pages, each until it is committed. The group hears of this member meanwhile. */
const offerBatch = async (
  { batch, heartbeat, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale }: EachBatchPayload,
  handOff: ReturnType<typeof createHandOff<Page>>,
  origins: WeakMap<BrokerMessage, Origin>,
): Promise<void> => {
  const { topic, partition, messages } = batch
  for (let first = 0; first < messages.length && isRunning() && !isStale(); first += EVENTS_MAX) {
    const some = messages.slice(first, first + EVENTS_MAX)
    const last = some.at(-1)?.offset ?? batch.lastOffset()
    const next = String(BigInt(last) + 1n)
    const page: Page = {
      messages: some.map((message) => brokerMessage({ message, partition }, origins)),
      commit: () =>
        commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next }] }] }),
    }
    if (!(await handOff.give(page, heartbeat))) return
    resolveOffset(last)
    await heartbeat()
  }
}

const brokerMessage = (origin: Origin, origins: WeakMap<BrokerMessage, Origin>): BrokerMessage => {
  const { value, headers = {} } = origin.message
  const message = { body: value ?? new Uint8Array(), attributes: attributesIn(headers) }
  origins.set(message, origin)
  return message
}

const PREFIX = 'ce_'

const attributesIn = (headers: IHeaders): Record<string, string> => {
  const attributes = Object.entries(headers)
    .filter(([name, value]) => name.startsWith(PREFIX) && value !== undefined)
    .map(([name, value]) => [name.slice(PREFIX.length), String(value)] as const)
  const trace = headers['traceparent']
  return { ...(trace !== undefined && { traceparent: String(trace) }), ...Object.fromEntries(attributes) }
}
