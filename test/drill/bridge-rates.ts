import type { System } from '../crash/system.ts'
import { type BridgeProcess, startBridge } from '../support/bridge/bridge-process.ts'
import { type BrokerToKill, kafkaToKill, rabbitMqToKill } from '../support/bridge/brokers-to-kill.ts'
import { plainEventOf } from '../support/bridge/kill-run.ts'
import { eventually } from '../support/eventually.ts'
import { inParallel } from '../support/parallel.ts'
import { type Call, createCall } from './caller.ts'

/** A machine that has much else to do. */
const PATIENCE = { withinMs: 10 * 60_000, everyMs: 50 }
const ORDERS_READ_AT_ONCE = 8
/** The first event of a consumer shows that its bridge runs. Its start is not measured. */
const FIRST = 1

const BROKERS = { rabbitmq: rabbitMqToKill, kafka: kafkaToKill }

type Drill = { system: System; url: string; key: string; count: number }

type Rates = { ordersIn: number; eventsOut: number; kilobytesOfEvent: number }

/**
 * How many orders a second a bridge takes in while they settle, and how many events a second it sends out when it has all
 * of them to catch up. RabbitMQ, the mock of Kafka, the system and the bridge share the machine.
 */
export const measureBridges = async ({ system, url, key, count }: Drill): Promise<void> => {
  await system.start().ready
  const call = createCall(url, key)
  for (const product of ['P001', 'P002']) {
    await call('POST', `/inventory/${product}/adjustments`, { delta: 10 * count, reason: 'drill' })
  }
  for (const [word, start] of Object.entries(BROKERS)) {
    const broker = await start()
    const { ordersIn, eventsOut, kilobytesOfEvent } = await ratesOf({ word, broker, call, url, key, count })
    console.log(
      `${word}: ${Math.round(ordersIn)} orders a second in, ${Math.round(eventsOut)} events a second out, ` +
        `${kilobytesOfEvent.toFixed(1)} KB an event`,
    )
    await broker.stop()
  }
}

type Measured = Omit<Drill, 'system'> & { word: string; broker: BrokerToKill; call: Call }

const ratesOf = async ({ word, broker, call, url, key, count }: Measured): Promise<Rates> => {
  const start = (way: keyof BrokerToKill['flags'], ...args: string[]): BridgeProcess =>
    startBridge({
      args: [word, way, ...args, ...broker.flags[way]],
      environment: { ...broker.environment, EDGE_ORDERS_URL: url, EDGE_ORDERS_KEY: key },
    })
  await call('PUT', `/feed/consumers/${word}`, { start: { at: 'now' } })
  const orderIds = Array.from({ length: count }, (_, index) => `${word}-${index}`)
  const into = start('--in')
  await broker.send([plainEventOf(`${word}-first`)])
  await deliveredBy(into, FIRST)
  await broker.send(orderIds.map(plainEventOf))
  const ordersIn = count / (await deliveredBy(into, FIRST + count))
  await into.stop()
  await inParallel(orderIds, ORDERS_READ_AT_ONCE, async (orderId) => {
    await eventually(
      () => call('GET', `/orders/${orderId}`),
      ({ body }) => body['settledAt'] !== undefined,
      PATIENCE,
    )
  })
  const events = await eventsBehind(call, word)
  const out = start('--out', '--consumer', word)
  await deliveredBy(out, FIRST)
  const before = out.delivered()
  const eventsOut = (events - before) / (await deliveredBy(out, events))
  await out.stop()
  return { ordersIn, eventsOut, kilobytesOfEvent: await kilobytesOfEvents(call, orderIds[0] ?? '') }
}

const eventsBehind = async (call: Call, consumer: string): Promise<number> => {
  const { body } = await call('GET', `/feed/consumers/${consumer}`)
  return (body as { lag: { events: number } }).lag.events
}

/** Seconds until the bridge has committed so many. */
const deliveredBy = async (bridge: BridgeProcess, count: number): Promise<number> => {
  const startedAt = performance.now()
  await eventually(bridge.delivered, (delivered) => delivered >= count, PATIENCE)
  return (performance.now() - startedAt) / 1_000
}

/** Of one order's events, as JSON. */
const kilobytesOfEvents = async (call: Call, orderId: string): Promise<number> => {
  const { body } = await call('GET', `/orders/${orderId}/events`)
  const { events } = body as { events: unknown[] }
  return JSON.stringify(events).length / events.length / 1_000
}
