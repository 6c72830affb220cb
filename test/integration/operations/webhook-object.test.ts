import {
  abortAllDurableObjects,
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DomainEvent } from '../../../src/contracts/events.ts'
import worker from '../../../workers/operations/index.ts'
import { CLIENT, OPERATOR, orderConfirmedEvent } from '../../support/builders.ts'
import { createCollectingQueues } from '../../support/differential/queues.ts'
import type { Message } from '../../support/differential/script.ts'

const bindings = env as OperationsEnv
const partition = () => bindings.WEBHOOKS.getByName('webhooks')

let messages: readonly Message[] = []
let posted: { url: string; body: string }[] = []

/** Queues that only collect, and an address that responds with this status. */
const respondWith = (status: number) => {
  posted = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    posted.push({ url, body: String(init.body) })
    return new Response(null, { status })
  })
}

beforeEach(() => {
  const queues = createCollectingQueues()
  for (const name of ['ORDER_INBOX', 'WEBHOOK_DELIVERIES'] as const)
    Object.assign(bindings[name], queues.queue(name))
  messages = queues.messages
})

afterEach(() => vi.unstubAllGlobals())

const deliver = async (queue: string, bodies: readonly unknown[]) => {
  const batch = createMessageBatch(
    `edge-orders-${queue}`,
    bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(1), attempts: 1, body })),
  )
  const context = createExecutionContext()
  await worker.queue(batch, bindings, context)
  await waitOnExecutionContext(context)
  const { explicitAcks } = await getQueueResult(batch, context)
  return explicitAcks.toSorted()
}

const queuedDeliveries = () =>
  messages.filter(({ queue }) => queue === 'WEBHOOK_DELIVERIES').map(({ body }) => body)

let number = 0
const confirmed = (): DomainEvent => {
  number += 1
  return { ...orderConfirmedEvent(), id: `ord_${number}/OrderConfirmed`, client: CLIENT.client }
}

const register = async (webhookId: string) => {
  const address = { url: `https://shop.example/${webhookId}`, secret: 'whsec_c2VjcmV0' }
  const wanted = { webhookId, ...address, types: ['OrderConfirmed'] as const, caller: OPERATOR }
  expect(await partition().register({ ...wanted, request: undefined })).toMatchObject({ ok: true })
}

const deliveriesOf = (webhookId: string) =>
  partition().deliveries(webhookId, OPERATOR, { before: undefined, limit: 10 })

describe('a webhook inside workerd', () => {
  it('gets an event once that comes twice, with crashes between', async () => {
    await register('wh_twice')
    respondWith(204)
    const event = confirmed()
    expect(await deliver('operations-inbox', [[event, event]])).toEqual(['m0'])
    await abortAllDurableObjects()
    expect(await deliver('operations-inbox', [[event]])).toEqual(['m0'])
    const [reference, ...others] = queuedDeliveries()
    expect(others).toEqual([])
    expect(await deliver('webhooks', [reference, reference])).toEqual(['m0', 'm1'])
    await abortAllDurableObjects()
    expect(await deliver('webhooks', [reference])).toEqual(['m0'])
    expect(posted.map(({ url }) => url)).toEqual(['https://shop.example/wh_twice'])
    expect(await deliveriesOf('wh_twice')).toMatchObject([{ status: 'delivered', attempts: 1 }])
    await partition().remove('wh_twice', OPERATOR)
  })

  it('acknowledges an event to the order service only after it is stored', async () => {
    await register('wh_acknowledged')
    const event = confirmed()
    await deliver('operations-inbox', [[event]])
    const acknowledged = messages
      .filter(({ queue }) => queue === 'ORDER_INBOX')
      .flatMap(({ body }) => body as DomainEvent[])
      .flatMap((each) => (each.type === 'FactNoted' ? each.data.ids : []))
    expect(acknowledged).toEqual([event.id])
    expect(await deliveriesOf('wh_acknowledged')).toMatchObject([{ eventId: event.id, status: 'pending' }])
    await partition().remove('wh_acknowledged', OPERATOR)
  })

  it('is disabled when its address responds 410, and stays so after a crash', async () => {
    await register('wh_gone')
    respondWith(410)
    await deliver('operations-inbox', [[confirmed()]])
    await deliver('webhooks', queuedDeliveries())
    await abortAllDurableObjects()
    expect(await partition().webhook('wh_gone', OPERATOR)).toMatchObject({ disabledReason: 'gone' })
    expect(await deliveriesOf('wh_gone')).toMatchObject([{ status: 'failed', lastStatus: 410 }])
  })
})

describe('the queues of the operations Worker', () => {
  it('store a dead letter in the migrated database, once for each event', async () => {
    const event = confirmed()
    const letter = { consumer: 'payment', reason: 'bank_refused', error: 'No.', attempts: 1, event }
    const body = { ...letter, firstSeenAt: '2026-11-27T12:00:00.000Z' }
    expect(await deliver('payment-inbox-dlq', [body, body])).toEqual(['m0', 'm1'])
    const { results } = await bindings.OPERATIONS_DB.prepare(
      'SELECT times, status FROM dead_letters WHERE event_id = ?',
    )
      .bind(event.id)
      .all()
    expect(results).toEqual([{ times: 2, status: 'open' }])
  })
})
