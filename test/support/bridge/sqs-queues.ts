import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { z } from 'zod'
import { sqs } from '../../../scripts/bridge/sqs.ts'
import { jsonCall } from '../../../src/bridge/aws/client.ts'
import type { BrokerOfBridge } from './broker-suite.ts'

const REGION = 'eu-central-1'
export const environment = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: REGION }

/** An SQS in memory. */
export const startSqs = (): Promise<FauxqsServer> =>
  startFauxqs({ port: 0, logger: false, defaultRegion: REGION })

/** A queue, its redrive policy, and a queue for the way out. */
const queues = (aws: FauxqsServer, suffix: '' | '.fifo') => {
  const attributes = suffix === '.fifo' ? { FifoQueue: 'true' } : {}
  const create = (name: string, more = {}) =>
    aws.createQueue(`${name}${suffix}`, { attributes: { ...attributes, ...more } })
  const rejected = create('rejected')
  const policy = JSON.stringify({ deadLetterTargetArn: rejected.queueArn, maxReceiveCount: 1_000 })
  return { rejected, placed: create('placed', { RedrivePolicy: policy }), events: create('events') }
}

/** The bodies in a FIFO queue, oldest first. The server lists them group by group, so that a new one may be in the middle. */
const bodiesIn = (aws: FauxqsServer, queue: string): string[] => {
  const ready = aws.inspectQueue(queue)?.messages.ready ?? []
  return ready.toSorted((a, b) => Number(a.sequenceNumber) - Number(b.sequenceNumber)).map(({ body }) => body)
}

/** Hands out again at once what was received and not deleted. SQS does it when the visibility time-out is over. */
const endVisibility = async (aws: FauxqsServer, queue: string, queueUrl: string): Promise<void> => {
  const call = jsonCall('sqs', {
    ...{ accessKeyId: 'key', secretAccessKey: 'secret', region: REGION },
    endpoint: `http://127.0.0.1:${aws.port}`,
  })
  for (const { receiptHandle } of aws.inspectQueue(queue)?.messages.inflight ?? []) {
    const input = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }
    await call('AmazonSQS.ChangeMessageVisibility', input, z.unknown())
  }
}

type SqsOfBridge = BrokerOfBridge & {
  /** The orders that a killed bridge had received come to the next one at once, and not after a minute. */
  returnReceived(): Promise<void>
}

/** Queues of their own in the SQS in memory. */
export const sqsQueues = async (aws: FauxqsServer): Promise<SqsOfBridge> => {
  const { rejected, placed, events } = queues(aws, '.fifo')
  const settingsOf = (queueUrl: string) => ({
    flags: { 'queue-url': queueUrl, endpoint: `http://127.0.0.1:${aws.port}` },
    environment,
  })
  const endpoint = `http://127.0.0.1:${aws.port}`
  const flagsOf = (queueUrl: string) => ['--queue-url', queueUrl, '--endpoint', endpoint]
  let sent = 0
  return {
    ...{ environment, flagsIn: flagsOf(placed.queueUrl), flagsOut: flagsOf(events.queueUrl) },
    openSource: () => sqs.openSource(settingsOf(placed.queueUrl)),
    openSink: () => sqs.openSink(settingsOf(events.queueUrl), 'orders'),
    send: async (bodies) => {
      for (const body of bodies) {
        sent += 1
        const fifo = { messageGroupId: `${sent}`, messageDeduplicationId: `${sent}` }
        aws.sendMessage(placed.queueName, body, fifo)
      }
    },
    returnReceived: () => endVisibility(aws, placed.queueName, placed.queueUrl),
    published: async () => bodiesIn(aws, events.queueName),
    rejected: async () => {
      const messages = aws.inspectQueue(rejected.queueName)?.messages.ready ?? []
      return messages.map(({ body, messageAttributes }) => ({
        body,
        code: messageAttributes['edge-orders-code']?.StringValue ?? '',
        detail: messageAttributes['edge-orders-detail']?.StringValue ?? '',
      }))
    },
    stop: async () => undefined,
  }
}
