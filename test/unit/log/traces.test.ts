import { describe, expect, it } from 'vitest'
import { createDurableHost } from '../../../src/cloudflare/partition-host.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { traceIdOf, traceIdsOf } from '../../../src/kernel/trace.ts'
import type { Outcome } from '../../../src/messaging/consume.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { type AttemptPorts, attemptDeliveries } from '../../../src/operations/delivery-consumer.ts'
import { keepDeadMessages } from '../../../workers/operations/dead-letters/dead-letter-consumer.ts'
import {
  NOW,
  ORDER_ID,
  orderConfirmedEvent,
  orderPlacedEvent,
  paymentAuthorized,
  paymentDeclined,
  stockReserved,
} from '../../support/builders.ts'
import { byType, message, run } from '../../support/inbox.ts'
import { createOrderWorld } from '../../support/order-world.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'
import { createStockWorld, product } from '../../support/stock-world.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const TRACE_ID = '16d8fe903483a4d2a8dd65bf491ea84d'
const traceparent = `00-${TRACE_ID}-7d416f4113cf5ce1-01`
const traced = { traceparent }
const placed = () => orderPlacedEvent(traced)

const collect = () => {
  const lines: { message: string; fields: Record<string, unknown> }[] = []
  const log: Log = (_level, text, fields) => void lines.push({ message: text, fields })
  return { log, lines }
}

const fail = async (): Promise<never> => {
  throw new Error('away')
}

describe('the trace of what a line is about', () => {
  it('is read from a traceparent', () => {
    expect(traceIdOf(traced)).toBe(TRACE_ID)
  })

  it.each([
    ['without one', {}],
    ['of another shape', { traceparent: 'a trace' }],
    ['of zeros', { traceparent: `00-${'0'.repeat(32)}-7d416f4113cf5ce1-01` }],
    ['that is no text', { traceparent: 7 }],
    ['that is no object', 'poison'],
    ['of nothing', null],
  ])('is none %s', (_, about) => {
    expect(traceIdOf(about)).toBeUndefined()
  })

  it('of many is each once, and ten at most', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      traceparent: `00-${String(1 + (index % 15)).padStart(32, '0')}-7d416f4113cf5ce1-01`,
    }))
    expect(traceIdsOf([{}, ...many])).toEqual(many.slice(0, 10).map(traceIdOf))
  })
})

describe('a line of a consumer', () => {
  const PARK: Outcome = { kind: 'park', reason: 'bank_refused', error: 'no: never' }
  const RETRY: Outcome = { kind: 'retry', error: 'busy' }

  it.each([
    ['event parked', { OrderPlaced: PARK }, placed()],
    ['event to be retried', { OrderPlaced: RETRY }, placed()],
    ['event parked', {}, { ...placed(), type: 'NeverHeardOf' }],
  ])('says in which trace: %s', async (text, outcomes, event) => {
    const { consumer, logged } = byType(outcomes)
    await run(consumer, message([event]))
    expect(logged).toMatchObject([[expect.any(String), text, { traceId: TRACE_ID }]])
  })

  it('of dead letters says the traces of those that could not be kept', async () => {
    const { log, lines } = collect()
    const letter = { consumer: 'payment', reason: 'x', error: 'x', attempts: 1, firstSeenAt: placed().time }
    const bodies = [{ ...letter, event: placed() }, [placed()], placed()]
    for (const body of bodies) {
      const sent = message(body)
      const statement = { bind: () => statement }
      const database = { prepare: () => statement, batch: fail } as unknown as D1Database
      await keepDeadMessages([sent.message], {
        consumer: 'payment',
        database,
        defaultCurrency: 'USD',
        now: NOW,
        log,
      })
    }
    const line = { message: 'dead letters could not be kept', fields: { traceIds: [TRACE_ID] } }
    expect(lines).toMatchObject(bodies.map(() => line))
  })
})

describe('a line of a partition', () => {
  it('says the traces of the events that could not be published', async () => {
    const { log, lines } = collect()
    const work: Promise<unknown>[] = []
    const ctx = {
      storage: { sql: {}, getAlarm: async () => null, transactionSync: (run: () => unknown) => run() },
      blockConcurrencyWhile: async (begin: () => Promise<void>) => await begin(),
      waitUntil: (promise: Promise<unknown>) => void work.push(promise),
    }
    const { host } = createDurableHost(
      ctx as unknown as DurableObjectState,
      { publish: fail, lingerMs: 0 },
      log,
    )
    host.turn(() =>
      host.publish([
        { to: 'inventory', event: placed() },
        { to: 'payment', event: placed() },
      ]),
    )
    await Promise.all(work)
    expect(lines).toEqual([
      {
        message: 'events could not be published; they are sent again',
        fields: { events: 2, traceIds: [TRACE_ID], error: 'Error: away' },
      },
    ])
  })

  it('says the trace of what failed alone in a turn for many', () => {
    const world = createOrderWorld()
    world.place(traced)
    world.memory.failAfter(1)
    world.answer(stockReserved(traced), paymentAuthorized(traced))
    const fields = { orderId: ORDER_ID, traceId: TRACE_ID }
    expect(world.memory.lines).toMatchObject([{ message: 'one of a turn failed and was undone', fields }])
  })

  it('says the traces of the orders that could not be listed', async () => {
    const world = createOrderWorld()
    world.onList = fail
    world.place(traced)
    await world.memory.ring(world.wake)
    const fields = { orders: 1, traceIds: [TRACE_ID] }
    expect(world.memory.lines).toMatchObject([{ message: 'orders could not be listed', fields }])
  })

  it('says the trace of an order that is stuck', async () => {
    const world = createOrderWorld()
    world.place(traced)
    world.answer(stockReserved(), paymentDeclined())
    await world.memory.ringUntil(NOW + 20 * MINUTE_MS, world.wake)
    const fields = { orderId: ORDER_ID, traceId: TRACE_ID }
    expect(world.memory.lines).toMatchObject([{ message: 'an order is stuck', fields }])
  })

  it('says the trace of an report on an order that was never placed', () => {
    const world = createOrderWorld()
    world.answer(stockReserved(traced))
    const fields = { orderId: ORDER_ID, traceId: TRACE_ID }
    expect(world.memory.lines).toMatchObject([
      { message: 'report on an order that was never placed', fields },
    ])
  })

  it('says the traces of the payments that could not be listed', async () => {
    const world = createPaymentWorld()
    world.onList = fail
    world.begin(placed())
    await world.memory.ring(world.wake)
    const fields = { payments: 1, traceIds: [TRACE_ID] }
    expect(world.memory.lines).toMatchObject([{ message: 'payments could not be listed', fields }])
  })
})

describe('a line of a stock partition', () => {
  it('says the traces of the facts that wait for the ledger', async () => {
    const world = createStockWorld()
    world.onList = fail
    world.partition().putProduct(product('P001'), traceparent)
    await world.memory.ring(world.wake)
    const fields = { traceIds: [TRACE_ID] }
    expect(world.memory.lines).toMatchObject([{ message: 'the ledger could not be written', fields }])
  })
})

describe('a line of a webhook', () => {
  const attempts = () => {
    const world = createWebhookWorld()
    world.register()
    world.partition().accept([{ ...orderConfirmedEvent(traced), client: 'shop' }])
    return { references: world.references(), leased: world.leaseAll() }
  }

  const lines = async (changes: Partial<AttemptPorts>) => {
    const { references, leased } = attempts()
    const { log, lines: logged } = collect()
    const work: Promise<unknown>[] = []
    await attemptDeliveries(
      references.map((reference) => message(reference).message),
      {
        lease: async () => leased,
        record: async () => [],
        post: async () => ({ status: 204 }),
        now: () => NOW,
        waitUntil: (promise) => void work.push(promise),
        log,
        ...changes,
      },
    )
    await Promise.all(work)
    return logged
  }

  it('says the trace of the event that was posted', async () => {
    expect(await lines({})).toMatchObject([{ message: 'webhook attempted', fields: { traceId: TRACE_ID } }])
  })

  it('says it where the outcome could not be recorded', async () => {
    expect((await lines({ record: fail })).slice(1)).toMatchObject([
      {
        message: 'an outcome could not be recorded; the delivery is attempted again',
        fields: { traceId: TRACE_ID },
      },
    ])
  })

  it('says it of those that could not be leased', async () => {
    expect(await lines({ lease: fail })).toMatchObject([
      {
        message: 'deliveries could not be leased; they are queued again',
        fields: { traceIds: [TRACE_ID] },
      },
    ])
  })
})
