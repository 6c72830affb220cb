import type { Service } from '../../../src/contracts/topology.ts'
import inventoryWorker from '../../../workers/inventory/index.ts'
import operationsWorker from '../../../workers/operations/index.ts'
import orderWorker from '../../../workers/order/index.ts'
import paymentWorker from '../../../workers/payment/index.ts'
import { createInvocation, type Outlet, type Platform } from '../platform/platform.ts'
import type { StartConsumer } from '../platform/queue-delivery.ts'
import type { EnvironmentFor } from './environment.ts'
import { cutOff, isAway, type ServiceOutage } from './outage-effect.ts'
import { type Queues, SERVICES } from './queues.ts'

const WORKERS = {
  order: orderWorker,
  inventory: inventoryWorker,
  payment: paymentWorker,
  operations: operationsWorker,
}

/** Work that a batch leaves for later goes on by itself here. */
const CONTEXT = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext

type ConsumerPorts = {
  queues: Queues
  environmentFor: EnvironmentFor
  serviceOutage(): ServiceOutage | undefined
}

/** Lets the Workers consume their queues. Returns how to end all invocations at once. */
export const startConsumers = (platform: Platform, ports: ConsumerPorts): { killAll(): void } => {
  const { inboxes, deadLetters, webhookQueue } = ports.queues
  const running = new Set<() => void>()
  const consumer = (service: Service) => createConsumer(platform, { ...ports, service, running })
  for (const service of SERVICES) {
    inboxes[service].consumeWith(consumer(service))
    deadLetters[service].consumeWith(consumer('operations'))
  }
  webhookQueue.consumeWith(consumer('operations'))
  return {
    killAll: () => {
      for (const kill of [...running]) kill()
    },
  }
}

/** Starts one invocation of the service's Worker for each batch. */
const createConsumer = (
  platform: Platform,
  ports: ConsumerPorts & { service: Service; running: Set<() => void> },
): StartConsumer => {
  const { service, running } = ports
  const { scheduler, faults } = platform
  let invocations = 0
  return (batch) => {
    invocations += 1
    const invocation = createInvocation(platform, `${service} worker ${invocations}`)
    const { promise: killed, resolve } = Promise.withResolvers<void>()
    const kill = () => {
      running.delete(kill)
      platform.trace(invocation.actor.name, () => 'is killed')
      invocation.kill()
      resolve()
    }
    invocation.actor.beforeResume = () => {
      if (invocation.actor.isAlive() && faults.hits('workerKilled')) kill()
    }
    running.add(kill)
    scheduler.become(invocation.actor)
    const ended = handle(batch, invocation, { ...ports, now: scheduler.now })
    void ended.finally(() => running.delete(kill)).catch(() => {})
    return { ended, killed, kill }
  }
}

/** The queue handler of the service, unless the service is away. */
const handle = async (
  batch: MessageBatch,
  outlet: Outlet,
  { service, queues, environmentFor, serviceOutage, now }: ConsumerPorts & { service: Service; now: number },
): Promise<void> => {
  const outage = serviceOutage()
  const isOut = isAway(outage, service, now)
  if (isOut && outage?.how === 'throws') throw new Error(`${service} is away`)
  const whole = environmentFor(outlet, queues.deadLetters[service])
  const env = isOut ? cutOff(whole) : whole
  if (service === 'operations') await operationsWorker.queue(batch, env, CONTEXT)
  else await WORKERS[service].queue(batch, env)
}

/** Runs the cron trigger of each Worker. One whose database fails ends with an error. */
export const runCronTriggers = (platform: Platform, environmentFor: EnvironmentFor): void => {
  const controller = {} as ScheduledController
  for (const service of SERVICES) {
    const { actor, ...outlet } = createInvocation(platform, `${service} trigger`)
    platform.scheduler.become(actor)
    WORKERS[service]
      .scheduled(controller, environmentFor({ actor, ...outlet }))
      .catch((error) => platform.trace(actor.name, () => `ends with ${String(error)}`))
  }
}
