import type { FauxqsServer } from 'fauxqs'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeBroker } from '../../support/bridge/broker-suite.ts'
import { sqsQueues, startSqs } from '../../support/bridge/sqs-queues.ts'

let aws: FauxqsServer
beforeAll(async () => {
  aws = await startSqs()
})
afterAll(() => aws.stop())

describe('a FIFO queue of SQS', () => {
  describeBroker(() => sqsQueues(aws))
})
