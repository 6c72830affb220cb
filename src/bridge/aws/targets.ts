import { z } from 'zod'
import { assertNever } from '../../kernel/assert.ts'
import type { OutgoingMessage } from '../ports.ts'
import { type AwsKey, type FormCall, formCall, type JsonCall, jsonCall } from './client.ts'
import { printableJson } from './printable.ts'

/** Sends up to ten events. Resolves with what was refused, in words; empty where all have arrived. */
export type Target = (batch: readonly OutgoingMessage[]) => Promise<string[]>

/** Shortens a text to at most 128 characters from `0` to `9` and `a` to `f`. Equal texts stay equal. */
export type Digest = (text: string) => Promise<string>

/** A place in AWS: `name` is a queue's address, a topic's ARN, or the name or ARN of a bus. `endpoint` has no path. */
export type TargetAddress = {
  service: 'sqs' | 'sns' | 'events'
  name: string
  region: string
  endpoint: string
}

export const openTarget = (
  { service, name, region, endpoint }: TargetAddress,
  key: AwsKey,
  digest: Digest,
): Target => {
  const settings = { ...key, region, endpoint }
  switch (service) {
    case 'sqs':
      return sqsTarget(jsonCall(service, settings), name, digest)
    case 'sns':
      return snsTarget(formCall(service, settings), name, digest)
    case 'events':
      return eventBridgeTarget(jsonCall(service, settings), name)
    default:
      return assertNever(service)
  }
}

const failedSchema = z.looseObject({
  Failed: z
    .array(z.looseObject({ Id: z.string(), Code: z.string(), Message: z.string().optional() }))
    .default([]),
})

/**
 * A queue of SQS. In a FIFO queue the group is the order or the product, so that its events keep their sequence, and SQS
 * drops an event that comes again within five minutes. Other queues keep no order.
 */
const sqsTarget =
  (call: JsonCall, queueUrl: string, digest: Digest): Target =>
  async (batch) => {
    const entries = batch.map(async (message, index) => ({
      Id: `${index}`,
      MessageBody: printableJson(message.structured),
      MessageAttributes: { type: { DataType: 'String', StringValue: message.type } },
      ...(isFifo(queueUrl) && (await fifoOf(message, digest))),
    }))
    const input = { QueueUrl: queueUrl, Entries: await Promise.all(entries) }
    const { Failed } = await call('AmazonSQS.SendMessageBatch', input, failedSchema)
    return Failed.map(({ Code, Message }) => `${Code} ${Message ?? ''}`)
  }

/** A topic of SNS. Its queues get the events in order only if the topic and they are FIFO. */
const snsTarget =
  (call: FormCall, topicArn: string, digest: Digest): Target =>
  async (batch) => {
    const form = new URLSearchParams({ Action: 'PublishBatch', Version: '2010-03-31', TopicArn: topicArn })
    for (const [index, message] of batch.entries()) {
      const entry = {
        Id: `${index}`,
        Message: printableJson(message.structured),
        'MessageAttributes.entry.1.Name': 'type',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': message.type,
        ...(isFifo(topicArn) && (await fifoOf(message, digest))),
      }
      for (const [name, value] of Object.entries(entry)) {
        form.append(`PublishBatchRequestEntries.member.${index + 1}.${name}`, value)
      }
    }
    const xml = await call(form)
    const [, failed = ''] = /<Failed>(.*)<\/Failed>/s.exec(xml) ?? []
    return [...failed.matchAll(/<Code>([^<]*)<\/Code>/g)].map(([, code = '']) => code)
  }

const putSchema = z.looseObject({
  Entries: z.array(z.looseObject({ ErrorCode: z.string().optional(), ErrorMessage: z.string().optional() })),
})

/** A bus of EventBridge, which keeps no order and may deliver an event twice. */
const eventBridgeTarget =
  (call: JsonCall, busName: string): Target =>
  async (batch) => {
    const input = {
      Entries: batch.map(({ type, structured }) => ({
        ...{ EventBusName: busName, Source: 'edge-orders', DetailType: type, Detail: structured },
      })),
    }
    const { Entries } = await call('AWSEvents.PutEvents', input, putSchema)
    return Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).map(
      ({ ErrorCode, ErrorMessage }) => `${ErrorCode} ${ErrorMessage ?? ''}`,
    )
  }

const isFifo = (name: string): boolean => name.endsWith('.fifo')

const fifoOf = async ({ id, key }: OutgoingMessage, digest: Digest) => ({
  MessageGroupId: key,
  MessageDeduplicationId: DEDUPLICATION_ID.test(id) ? id : await digest(id),
})

/** SQS takes 128 of these characters. Any other id is hashed. */
const DEDUPLICATION_ID = /^[\x21-\x7E]{1,128}$/
