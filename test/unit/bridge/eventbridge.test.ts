import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sqs } from '../../../scripts/bridge/sqs.ts'
import { outgoingMessage } from '../../../src/bridge/outgoing-message.ts'
import { feedEvent } from '../../support/bridge/fake-feed.ts'
import { environment } from '../../support/bridge/sqs-queues.ts'

/** What EventBridge answers, as its API reference has it. */
let answer: { status: number; body: object }
let asked: { target: unknown; body: { Entries: object[] } }[]

const server = createServer(async (request, response) => {
  const body = JSON.parse((await request.toArray()).join(''))
  asked.push({ target: request.headers['x-amz-target'], body })
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(answer.body))
})

beforeEach(async () => {
  asked = []
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})
afterEach(() => new Promise((closed) => server.close(closed)))

const message = outgoingMessage(feedEvent('ord_1', 1))

const deliver = () => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return sqs.openSink({ flags: { 'event-bus': 'shop', endpoint }, environment }, 'orders').deliver([message])
}

it('a bus of EventBridge gets the event as its detail', async () => {
  answer = { status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] } }
  await deliver()
  const entry = { EventBusName: 'shop', Source: 'edge-orders', DetailType: 'OrderPlaced' }
  expect(asked).toEqual([
    { target: 'AWSEvents.PutEvents', body: { Entries: [{ ...entry, Detail: message.structured }] } },
  ])
})

it('an event that EventBridge refuses is not delivered', async () => {
  const refused = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slower' }
  answer = { status: 200, body: { FailedEntryCount: 1, Entries: [refused] } }
  await expect(deliver()).rejects.toThrow('1 events were refused: ThrottlingException slower')
})

it('a key that may not put events stops the bridge', async () => {
  answer = { status: 400, body: { __type: 'AccessDeniedException', Message: 'no' } }
  await expect(deliver()).rejects.toMatchObject({ advice: expect.stringContaining('docs/bridges.md') })
})
