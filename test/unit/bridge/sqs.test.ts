import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, describe } from 'vitest'
import { sqs } from '../../../scripts/bridge/sqs.ts'
import { type BrokerUnderTest, describeBroker } from '../../support/bridge/broker-suite.ts'

const REGION = 'eu-central-1'
const environment = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: REGION }

let aws: FauxqsServer
beforeAll(async () => {
  aws = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION })
})
afterAll(() => aws.stop())

/** A queue, its redrive policy, and a queue for the way out. */
const queues = (suffix: '' | '.fifo') => {
  const attributes = suffix === '.fifo' ? { FifoQueue: 'true' } : {}
  const create = (name: string, more = {}) =>
    aws.createQueue(`${name}${suffix}`, { attributes: { ...attributes, ...more } })
  const rejected = create('rejected')
  const policy = JSON.stringify({ deadLetterTargetArn: rejected.queueArn, maxReceiveCount: 1_000 })
  return { rejected, placed: create('placed', { RedrivePolicy: policy }), events: create('events') }
}

const bodiesIn = (queue: string): string[] =>
  aws.inspectQueue(queue)?.messages.ready.map(({ body }) => body) ?? []

const startQueues = async (): Promise<BrokerUnderTest> => {
  const { rejected, placed, events } = queues('.fifo')
  const settingsOf = (queueUrl: string) => ({
    flags: { 'queue-url': queueUrl, endpoint: `http://127.0.0.1:${aws.port}` },
    environment,
  })
  let sent = 0
  return {
    openSource: () => sqs.openSource(settingsOf(placed.queueUrl)),
    openSink: () => sqs.openSink(settingsOf(events.queueUrl)),
    send: async (bodies) => {
      for (const body of bodies) {
        sent += 1
        const fifo = { messageGroupId: `${sent}`, messageDeduplicationId: `${sent}` }
        aws.sendMessage(placed.queueName, body, fifo)
      }
    },
    published: async () => bodiesIn(events.queueName),
    rejected: async () => {
      const messages = aws.inspectQueue(rejected.queueName)?.messages.ready ?? []
      return messages.map(({ body, messageAttributes }) => ({
        body,
        code: messageAttributes['code']?.StringValue ?? '',
        detail: messageAttributes['detail']?.StringValue ?? '',
      }))
    },
    stop: async () => undefined,
  }
}

describe('a FIFO queue of SQS', () => {
  describeBroker(startQueues)
})
