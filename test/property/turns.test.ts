import { describe, expect, it } from 'vitest'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import type { BankCall } from '../../src/payment/bank.ts'
import { SimulatedBank } from '../../workers/payment/gateways/simulated-bank.ts'
import {
  NOW,
  ORDER_ID,
  orderConfirmedEvent,
  orderPlacedEvent,
  paymentAuthorized,
  paymentCaptured,
  paymentRefunded,
  stockCommitted,
  stockReserved,
} from '../support/builders.ts'
import { createMemoryHost } from '../support/memory-host.ts'
import { createOrderWorld } from '../support/order-world.ts'
import { approved } from '../support/payment-steps.ts'
import { createPaymentWorld } from '../support/payment-world.ts'
import { command, createStockWorld, product } from '../support/stock-world.ts'
import { createWebhookWorld } from '../support/webhook-world.ts'

type Memory = ReturnType<typeof createMemoryHost>

/** One method of a partition over some state: built again for each statement that is to fail. */
type Scene = { name: string; begin(): { memory: Memory; act(): unknown } }

const STATEMENTS_MAX = 100
const request = { requestKey: 'key', fingerprint: 'body' }
const other = { orderId: 'ord_0_01m844dzg10000000000000000' }

const orderScene = (
  name: string,
  prepare: (world: ReturnType<typeof createOrderWorld>) => () => unknown,
): Scene => ({
  name: `an order partition: ${name}`,
  begin: () => {
    const world = createOrderWorld({
      wanted: ['OrderPlaced', 'OrderConfirmed', 'OrderCancelled', 'OrderSettled'],
    })
    return { memory: world.memory, act: prepare(world) }
  },
})

const settled = (world: ReturnType<typeof createOrderWorld>) => {
  world.place()
  world.answer(stockReserved(), paymentAuthorized())
  world.answer(stockCommitted(), paymentCaptured())
}

const stockScene = (
  name: string,
  prepare: (world: ReturnType<typeof createStockWorld>) => () => unknown,
): Scene => ({
  name: `a stock partition: ${name}`,
  begin: () => {
    const world = createStockWorld()
    world.stock({ P1: 10, P2: 10 })
    return { memory: world.memory, act: prepare(world) }
  },
})

const paymentScene = (
  name: string,
  prepare: (world: ReturnType<typeof createPaymentWorld>) => () => unknown,
): Scene => ({
  name: `a payment partition: ${name}`,
  begin: () => {
    const world = createPaymentWorld()
    return { memory: world.memory, act: prepare(world) }
  },
})

const webhookScene = (
  name: string,
  prepare: (world: ReturnType<typeof createWebhookWorld>) => () => unknown,
): Scene => ({
  name: `the webhook partition: ${name}`,
  begin: () => {
    const world = createWebhookWorld()
    return { memory: world.memory, act: prepare(world) }
  },
})

const charge: BankCall = {
  operation: 'authorize',
  orderId: other.orderId,
  idempotencyKey: `${other.orderId}/authorize/1`,
  amountMinor: 100,
  currency: 'USD',
  token: 'pm_card_visa',
}

const bankScene: Scene = {
  name: 'the simulated bank: performs a call',
  begin: () => {
    const memory = createMemoryHost()
    const bank = new SimulatedBank(memory.host)
    return { memory, act: () => bank.perform([charge]) }
  },
}

/** Each of these is one transaction: if a statement throws, the call throws and nothing of it remains. */
const WHOLE: readonly Scene[] = [
  orderScene('places an order under a key', (world) => () => world.place({}, request)),
  orderScene('cancels a settled order under a key', (world) => {
    settled(world)
    return () => world.cancel({ request })
  }),
  orderScene('claims a key', (world) => () => world.partition().stepOfKey(request, 'claim')),
  orderScene('fences a key', (world) => () => world.partition().fence(request)),
  orderScene(
    'stores the event types that webhooks want',
    (world) => () => world.partition().setWantedTypes({ revision: 9, types: [] }),
  ),
  orderScene('starts', (world) => {
    world.place()
    return () => world.restart()
  }),
  stockScene('puts a product', (world) => () => world.partition().putProduct(product('P1', { name: 'New' }))),
  stockScene('adjusts a level under a key', (world) => () => world.adjust('P1', -10, { request })),
  paymentScene('takes a refund under a key', (world) => {
    world.begin(orderPlacedEvent())
    return () => world.refund({ request })
  }),
  webhookScene('registers under a key', (world) => () => world.register('wh_1', { request })),
  webhookScene('removes a webhook', (world) => {
    world.register()
    return () => world.partition().webhooks.remove('wh_1', { client: 'admin', scopes: ['operations'] })
  }),
  webhookScene('records an attempt', (world) => {
    world.register()
    world.partition().accept([orderConfirmedEvent()])
    const [begun] = world.leaseAll()
    if (begun === undefined) throw new Error('nothing to record')
    const { webhookId, deliveryId, attempt } = begun
    const outcome = { status: 410, ms: 1 }
    return () => world.partition().deliveries.record({ webhookId, deliveryId, attempt, outcome })
  }),
]

/** Each of these is one transaction for each of many items: an item that threw is done by the next call. */
const SHARED: readonly Scene[] = [
  orderScene('applies reports of two orders', (world) => {
    world.place()
    world.place(other)
    return () =>
      world
        .partition()
        .applyReports([
          ...[stockReserved(), paymentAuthorized()],
          ...[stockReserved({ data: other }), paymentRefunded()],
        ])
  }),
  stockScene('applies commands of two orders', (world) => {
    world.apply(command('reserve', { P2: 1 }, 'ord_0_01m844dzfz0000000000000000'))
    return () => world.apply(command('reserve', { P1: 10 }), command('reserve', { P2: 2 }, other.orderId))
  }),
  paymentScene('begins two payments', (world) => {
    world.begin(orderPlacedEvent({ data: { orderId: 'ord_0_01m844dzfz0000000000000000' } }))
    return () => world.begin(orderPlacedEvent(), orderPlacedEvent({ data: other }))
  }),
  paymentScene('begins the capture of a held authorization', (world) => {
    world.begin(orderPlacedEvent())
    const idempotencyKey = `${ORDER_ID}/authorize/1`
    world.partition().record([{ orderId: ORDER_ID, idempotencyKey, begunAt: NOW, answer: approved() }])
    return () => world.begin(orderConfirmedEvent())
  }),
  webhookScene('accepts two events', (world) => {
    world.register()
    return () => world.partition().accept([orderConfirmedEvent(), orderPlacedEvent()])
  }),
  bankScene,
]

/** The rows, the alarm and the published events of a partition. */
const stateOf = ({ rows, wakeAt, takePublished }: Memory) => {
  const published = takePublished().map(({ to, event }) => `${to} ${event.id}`)
  const text = JSON.stringify(rows()).replaceAll(/msg_\d+/g, 'a delivery of the next number')
  return { rows: JSON.parse(text) as unknown, wakeAt: wakeAt(), published }
}

const attempted = (act: () => unknown): 'threw' | 'returned' => {
  try {
    act()
    return 'returned'
  } catch {
    return 'threw'
  }
}

/** Runs the scene with its first, second, third … statement failing, until none is left to fail. */
const eachFailure = (
  { begin }: Scene,
  check: (memory: Memory, scene: { act(): unknown; before: unknown; outcome: 'threw' | 'returned' }) => void,
): number => {
  for (let statements = 0; statements < STATEMENTS_MAX; statements += 1) {
    const { memory, act } = begin()
    memory.takePublished()
    const before = stateOf(memory)
    memory.failAfter(statements)
    const outcome = attempted(act)
    if (!memory.mend()) return statements
    check(memory, { act, before, outcome })
  }
  throw new Error('The scene has more statements than any turn.')
}

describe('a turn with any one statement that throws', () => {
  it.each(WHOLE)('leaves nothing: $name', (scene) => {
    const statements = eachFailure(scene, (memory, { before, outcome }) => {
      expect(outcome).toBe('threw')
      expect(stateOf(memory)).toEqual(before)
    })
    expect(statements).toBeGreaterThan(0)
  })

  it.each(SHARED)('is completed by the next call, with the same rows and events: $name', (scene) => {
    const clean = scene.begin()
    clean.memory.takePublished()
    clean.act()
    const whole = stateOf(clean.memory)
    const statements = eachFailure(scene, (memory, { act, before, outcome }) => {
      const first = stateOf(memory)
      if (outcome === 'threw') expect(first).toEqual(before)
      act()
      const again = stateOf(memory)
      expect(again.rows).toEqual(whole.rows)
      expect(again.wakeAt).toEqual(whole.wakeAt)
      expect(new Set([...first.published, ...again.published])).toEqual(new Set(whole.published))
    })
    expect(statements).toBeGreaterThan(0)
  })
})

describe('outside a turn', () => {
  it.each<[string, (host: PartitionHost) => void]>([
    ['publishes', (host) => host.publish([])],
    ['sets an alarm', (host) => host.wakeBy(0)],
    ['notifies after its turn', (host) => host.afterTurn(() => {})],
  ])('no partition %s', (_what, act) => {
    expect(() => act(createMemoryHost().host)).toThrow('outside its turn')
  })
})
