import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { plainEventExample } from '../../src/contracts/examples/events.ts'
import type { BrokerOfBridge } from '../support/bridge/broker-suite.ts'
import { startRabbitMq } from '../support/bridge/rabbitmq.ts'
import { rabbitMqQueues } from '../support/bridge/rabbitmq-queues.ts'
import { sqsQueues, startSqs } from '../support/bridge/sqs-queues.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const PROGRAM = resolve(import.meta.dirname, '../../scripts/bridge.ts')

type Running = { broker: BrokerOfBridge; stop(): Promise<void> }

const rabbitmq = async (): Promise<Running> => {
  const server = await startRabbitMq()
  return { broker: await rabbitMqQueues(server.url), stop: server.stop }
}

const sqs = async (): Promise<Running> => {
  const server = await startSqs()
  return { broker: await sqsQueues(server), stop: () => server.stop() }
}

const eventSchema = z.object({ id: z.string(), type: z.string(), data: z.unknown() })
const eventsSchema = z.object({ events: z.array(eventSchema) })

describe.each(Object.entries({ rabbitmq, sqs }))('npm run bridge -- %s', (name, start) => {
  let running: Running
  let system: System
  const bridges: ChildProcess[] = []

  beforeAll(async () => {
    running = await start()
    system = await startSystem()
    const shop = openShop(system)
    await Promise.all(['P001', 'P002'].map((productId) => shop.stock(productId, 10)))
  }, 120_000)

  afterAll(async () => {
    for (const bridge of bridges) bridge.kill('SIGKILL')
    await running?.broker.stop()
    await running?.stop()
    await system?.close()
  })

  const startBridge = async (way: '--in' | '--out', flags: string[]) => {
    const { environment } = running.broker
    const to = { EDGE_ORDERS_URL: await system.address(), EDGE_ORDERS_KEY: 'test-admin-key' }
    const bridge = spawn(process.execPath, [PROGRAM, name, way, ...flags], {
      env: { ...process.env, ...environment, ...to },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    bridges.push(bridge)
  }

  it('makes a settled order of the plain event, publishes its events in order, and rejects what is no order', async () => {
    const { broker } = running
    await broker.send([JSON.stringify(plainEventExample), '{ bad'])
    await startBridge('--in', broker.flagsIn)
    await startBridge('--out', broker.flagsOut)
    const published: z.infer<typeof eventSchema>[] = []
    const more = async () => {
      for (const body of await broker.published()) published.push(eventSchema.parse(JSON.parse(body)))
      return published.at(-1)?.type
    }
    await eventually(more, (type) => type === 'OrderSettled', { withinMs: 60_000 })
    const { body } = await openShop(system).call(`/orders/${plainEventExample.orderId}/events`)
    const byId = new Map(published.map((event) => [event.id, event]))
    expect([...byId.values()]).toEqual(eventsSchema.parse(body).events)
    const rejected = await eventually(
      () => broker.rejected(),
      ({ length }) => length > 0,
    )
    expect(rejected).toMatchObject([{ body: '{ bad', code: 'malformed_json' }])
  })

  it('ends in order when it is told to', async () => {
    for (const bridge of bridges) {
      const ended = once(bridge, 'exit')
      bridge.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    }
  })
})
