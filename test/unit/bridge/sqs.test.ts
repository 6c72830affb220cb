import type { FauxqsServer } from 'fauxqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqs } from '../../../scripts/bridge/sqs.ts'
import { outgoingMessage } from '../../../src/bridge/outgoing-message.ts'
import { Stop } from '../../../src/bridge/ports.ts'
import { describeBroker } from '../../support/bridge/broker-suite.ts'
import { feedEvent } from '../../support/bridge/fake-feed.ts'
import { environment, sqsQueues, startSqs } from '../../support/bridge/sqs-queues.ts'

let aws: FauxqsServer
beforeAll(async () => {
  aws = await startSqs()
})
afterAll(() => aws.stop())

const settingsFor = (flags: Record<string, string>) => ({
  flags: { endpoint: `http://127.0.0.1:${aws.port}`, ...flags },
  environment,
})

/** A queue that moves a message to `NAME-rejected` after so many receptions. */
const queueWith = (name: string, maxReceiveCount: number) => {
  const { queueArn: deadLetterTargetArn, queueName: rejected } = aws.createQueue(`${name}-rejected`)
  const policy = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) }
  return { ...aws.createQueue(name, { attributes: policy }), rejected }
}

const countIn = (queue: string): number => aws.inspectQueue(queue)?.messages.ready.length ?? 0

describe('a FIFO queue of SQS', () => {
  describeBroker(() => sqsQueues(aws))
})

describe('a queue of SQS', () => {
  it('gives no message up, however often the bridge reads again', async () => {
    const { queueUrl, queueName, rejected } = queueWith('limited', 100)
    aws.sendMessage(queueName, '{"orderId":"1"}')
    const source = sqs.openSource(settingsFor({ 'queue-url': queueUrl }))
    for (let again = 0; again < 120; again += 1) {
      expect(await source.read()).toHaveLength(1)
      await source.rewind('a test')
    }
    await source.commit()
    await source.close()
    expect([countIn(queueName), countIn(rejected)]).toEqual([0, 0])
  })

  it('that moves an order away after a few receptions is refused with what to do', async () => {
    const { queueUrl } = queueWith('usual', 5)
    const source = sqs.openSource(settingsFor({ 'queue-url': queueUrl }))
    const refusal = await source.read().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Stop)
    expect(String(refusal)).toContain('after 5 receptions')
    await source.close()
  })

  it('without a redrive policy is refused with what to do', async () => {
    const { queueUrl } = aws.createQueue('bare')
    const source = sqs.openSource(settingsFor({ 'queue-url': queueUrl }))
    await expect(source.read()).rejects.toThrow(/no redrive policy/)
    await source.close()
  })
})

describe('a topic of SNS', () => {
  it('gets whole events with their type', async () => {
    const { topicArn } = aws.createTopic('events')
    const { queueName } = aws.createQueue('subscriber')
    aws.subscribe({ topic: 'events', queue: 'subscriber', attributes: { RawMessageDelivery: 'true' } })
    const message = outgoingMessage(feedEvent('ord_1', 1))
    await sqs.openSink(settingsFor({ 'topic-arn': topicArn }), 'orders').deliver([message])
    const [delivered] = aws.inspectQueue(queueName)?.messages.ready ?? []
    expect(JSON.parse(delivered?.body ?? '')).toEqual(JSON.parse(message.structured))
    expect(delivered?.messageAttributes['type']?.StringValue).toBe('OrderPlaced')
  })

  it('that does not exist stops the bridge', async () => {
    const gone = settingsFor({ 'topic-arn': 'arn:aws:sns:eu-central-1:000000000000:gone' })
    const delivery = sqs.openSink(gone, 'orders').deliver([outgoingMessage(feedEvent('ord_1', 1))])
    await expect(delivery).rejects.toBeInstanceOf(Stop)
  })
})
