import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { OutgoingMessage } from '../../../src/bridge/ports.ts'
import type { FormCall, JsonCall } from './client.ts'
import { printableJson } from './printable.ts'

/** Sends up to ten events. Resolves with what was refused, in words; empty where all have arrived. */
export type Target = (batch: readonly OutgoingMessage[]) => Promise<string[]>

const failedSchema = z.looseObject({
  Failed: z
    .array(z.looseObject({ Id: z.string(), Code: z.string(), Message: z.string().optional() }))
    .default([]),
})

/**
 * A queue of SQS. In a FIFO queue the group is the order, so that an order's events keep their sequence, and SQS drops an
 * event that comes again within five minutes. Other queues keep no order.
 */
export const sqsTarget =
  (call: JsonCall, queueUrl: string): Target =>
  async (batch) => {
    const input = {
      QueueUrl: queueUrl,
      Entries: batch.map((message, index) => ({
        Id: `${index}`,
        MessageBody: printableJson(message.structured),
        MessageAttributes: { type: { DataType: 'String', StringValue: message.type } },
        ...(isFifo(queueUrl) && fifoOf(message)),
      })),
    }
    const { Failed } = await call('AmazonSQS.SendMessageBatch', input, failedSchema)
    return Failed.map(({ Code, Message }) => `${Code} ${Message ?? ''}`)
  }

/** A topic of SNS. Its queues get the events in order only if the topic and they are FIFO. */
export const snsTarget =
  (call: FormCall, topicArn: string): Target =>
  async (batch) => {
    const form = new URLSearchParams({ Action: 'PublishBatch', Version: '2010-03-31', TopicArn: topicArn })
    for (const [index, message] of batch.entries()) {
      const entry = {
        Id: `${index}`,
        Message: printableJson(message.structured),
        'MessageAttributes.entry.1.Name': 'type',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': message.type,
        ...(isFifo(topicArn) && fifoOf(message)),
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
export const eventBridgeTarget =
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

const fifoOf = ({ id, key }: OutgoingMessage) => ({
  MessageGroupId: key,
  MessageDeduplicationId: deduplicationId(id),
})

/** SQS takes 128 of these characters. Any other id is hashed. */
const deduplicationId = (id: string): string =>
  /^[\x21-\x7E]{1,128}$/.test(id) ? id : createHash('sha256').update(id).digest('hex')
