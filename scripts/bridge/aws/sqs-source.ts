import { z } from 'zod'
import type { JsonCall } from '../../../src/bridge/aws/client.ts'
import { printable } from '../../../src/bridge/aws/printable.ts'
import { type BrokerMessage, type BrokerSource, type Rejection, Stop } from '../../../src/bridge/ports.ts'
import { EVENTS_MAX } from '../../../src/contracts/external-order.ts'
import { reasonOf } from '../rejection-reason.ts'

export type SqsQueue = { call: JsonCall; queueUrl: string }

/** SQS hands out, changes and deletes this many at a time. */
const CALL_MESSAGES_MAX = 10
/** How long `read` waits for a first message. */
const WAIT_SECONDS = 5
/** Another bridge gets what this one has received and neither deleted nor kept, after so long. */
const VISIBILITY_SECONDS = 60
/** While a page is at hand, it is kept from others this often. */
const KEEP_MS = 20_000

/**
 * A queue of SQS. Messages are deleted on `commit`. `rewind` keeps them at hand: SQS counts how often a message is received,
 * and moves it away from some number on. What is rejected goes to the queue of the redrive policy.
 */
export const sqsSource = ({ call, queueUrl }: SqsQueue): BrokerSource => {
  const received = new Map<BrokerMessage, SqsMessage>()
  const queue = queueCalls(call, queueUrl)
  const keeping = setInterval(() => {
    queue.keep([...received.values()], VISIBILITY_SECONDS).catch(() => undefined)
  }, KEEP_MS).unref()
  let rejectedUrl: string | undefined

  const release = async () => {
    const those = [...received.values()]
    received.clear()
    await queue.keep(those, 0)
  }
  return {
    read: async () => {
      rejectedUrl ??= await queue.rejectedUrl()
      for (let asked = true; asked && received.size < EVENTS_MAX; ) {
        const messages = await queue.receive(received.size === 0 ? WAIT_SECONDS : 0)
        for (const message of messages) received.set(brokerMessage(message), message)
        asked = messages.length === CALL_MESSAGES_MAX
      }
      return [...received.keys()]
    },
    commit: async () => {
      await queue.remove([...received.values()])
      received.clear()
    },
    reject: async (message, why) => {
      const original = received.get(message)
      if (original === undefined || rejectedUrl === undefined) {
        throw new Error('This message is not of the page at hand.')
      }
      await queue.send(rejectedUrl, rejectedCopy(original, why, rejectedUrl))
    },
    rewind: async () => {
      // One that another bridge has meanwhile, or that is deleted, cannot be kept. The others come again by themselves.
      await queue.keep([...received.values()], VISIBILITY_SECONDS).catch(() => received.clear())
    },
    close: async () => {
      clearInterval(keeping)
      await release().catch(() => undefined)
    },
  }
}

const attributeSchema = z.looseObject({ DataType: z.string() })

const messageSchema = z.looseObject({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z.record(z.string(), attributeSchema).default({}),
})

type SqsMessage = z.infer<typeof messageSchema>

const receivedSchema = z.looseObject({ Messages: z.array(messageSchema).default([]) })
const redriveSchema = z.looseObject({
  Attributes: z.looseObject({ RedrivePolicy: z.string().optional() }).default({}),
})
/** SQS takes the number as text too. */
const policySchema = z.looseObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
const failedSchema = z.looseObject({
  Failed: z.array(z.looseObject({ Code: z.string(), Message: z.string().optional() })).default([]),
})
const urlSchema = z.looseObject({ QueueUrl: z.string() })

/** The calls that a source makes. */
const queueCalls = (call: JsonCall, queueUrl: string) => {
  /** For messages in groups of ten. Rejects where SQS refuses one. */
  const forEach = async (
    target: string,
    messages: readonly SqsMessage[],
    entryOf: (message: SqsMessage) => object,
  ) => {
    for (let from = 0; from < messages.length; from += CALL_MESSAGES_MAX) {
      const entries = messages.slice(from, from + CALL_MESSAGES_MAX)
      const { Failed } = await call(
        target,
        { QueueUrl: queueUrl, Entries: entries.map((each, index) => ({ Id: `${index}`, ...entryOf(each) })) },
        failedSchema,
      )
      const [first] = Failed
      if (first !== undefined) throw new Error(`${target} failed: ${first.Code} ${first.Message ?? ''}`)
    }
  }
  return {
    receive: async (waitSeconds: number): Promise<SqsMessage[]> => {
      const input = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: CALL_MESSAGES_MAX,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: VISIBILITY_SECONDS,
        MessageSystemAttributeNames: ['MessageGroupId'],
        MessageAttributeNames: ['All'],
      }
      return (await call('AmazonSQS.ReceiveMessage', input, receivedSchema)).Messages
    },
    remove: (messages: readonly SqsMessage[]) =>
      forEach('AmazonSQS.DeleteMessageBatch', messages, ({ ReceiptHandle }) => ({ ReceiptHandle })),
    keep: (messages: readonly SqsMessage[], seconds: number) =>
      forEach('AmazonSQS.ChangeMessageVisibilityBatch', messages, ({ ReceiptHandle }) => ({
        ...{ ReceiptHandle, VisibilityTimeout: seconds },
      })),
    send: (toUrl: string, message: object) =>
      call('AmazonSQS.SendMessage', { QueueUrl: toUrl, ...message }, z.unknown()),
    rejectedUrl: async (): Promise<string> => {
      const input = { QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }
      const { Attributes } = await call('AmazonSQS.GetQueueAttributes', input, redriveSchema)
      if (Attributes.RedrivePolicy === undefined) throw NO_POLICY
      const { deadLetterTargetArn, maxReceiveCount } = policySchema.parse(
        JSON.parse(Attributes.RedrivePolicy),
      )
      if (maxReceiveCount < RECEIVE_COUNT_LEAST) throw tooFewReceptions(maxReceiveCount)
      const [, , , , account, name] = deadLetterTargetArn.split(':')
      const target = { QueueName: name, QueueOwnerAWSAccountId: account }
      return (await call('AmazonSQS.GetQueueUrl', target, urlSchema)).QueueUrl
    },
  }
}

/** Each start of a bridge receives what was not committed once more. SQS allows up to 1000. */
const RECEIVE_COUNT_LEAST = 100

const tooFewReceptions = (count: number): Stop =>
  new Stop(
    `The redrive policy of the queue moves an order away after ${count} receptions, also a good one.`,
    'Set maxReceiveCount to 1000: docs/bridges.md has the command.',
  )

const NO_POLICY = new Stop(
  'The queue has no redrive policy, so there is no place for messages that are no orders.',
  'Set one with a queue for them, and with maxReceiveCount 1000: docs/bridges.md has the command.',
)

const brokerMessage = ({ Body }: SqsMessage): BrokerMessage => ({
  body: new TextEncoder().encode(Body),
  attributes: {},
})

/** A message has no more attributes. */
const ATTRIBUTES_MAX = 10

const rejectedCopy = (message: SqsMessage, why: Rejection, toUrl: string): object => {
  const reason = Object.entries(reasonOf(why)).map(([name, text]) => [
    name,
    { DataType: 'String', StringValue: printable(text) },
  ])
  const kept = Object.entries(message.MessageAttributes).slice(0, ATTRIBUTES_MAX - reason.length)
  return {
    MessageBody: message.Body,
    MessageAttributes: Object.fromEntries([...kept, ...reason]),
    ...(toUrl.endsWith('.fifo') && {
      MessageGroupId: message.Attributes['MessageGroupId'] ?? message.MessageId,
      MessageDeduplicationId: message.MessageId,
    }),
  }
}
