import type { Env } from 'hono'
import { type Faults, getFaults, NO_FAULTS, setFaults } from '../../contracts/http/drills.ts'
import type { Subscriber } from '../../contracts/topology.ts'
import type { QueueMessage } from '../../messaging/consume.ts'
import { createRoutes } from '../http/app.ts'
import { serve } from '../http/serve.ts'
import type { FaultPort, Spread } from './port.ts'

/** Every bundle with faults has this text. The test of deployments looks for it. */
export const MARKER = 'edge-orders fault port'

/** How often a stopped consumer looks whether it may go on. */
const LOOK_MS = 100
const SLOW_BANK_MS = 3_000

type Clock = { sleep(ms: number): Promise<void> }

/** The faults of one Worker, in the memory of its isolate: they end with it. */
export const createFaults = ({ sleep }: Clock): FaultPort => {
  let now: Faults = NO_FAULTS

  /** True once for each time that the fault was set. */
  const takeCrash = (consumer: Subscriber): boolean => {
    if (!now.crashing.includes(consumer)) return false
    now = { ...now, crashing: now.crashing.filter((each) => each !== consumer) }
    return true
  }

  return {
    outbox: (inbox) => ({
      sendBatch: async (messages) => {
        const later = [...messages].map((message) => delayed(message, now))
        if (now.duplicates) await inbox.sendBatch(later)
        return await inbox.sendBatch(later)
      },
    }),

    consume: async (consumer, messages, work) => {
      while (now.stopped.includes(consumer)) await sleep(LOOK_MS)
      if (!takeCrash(consumer)) return await work(messages)
      await work(messages.map(unacknowledged))
      throw new Error(`${MARKER}: the consumer of ${consumer} crashed after its work`)
    },

    callBank: async (call) => {
      if (now.bank === 'failing') return { kind: 'error', detail: `${MARKER}: the bank answered 500` }
      if (now.bank === 'slow') await sleep(SLOW_BANK_MS)
      return await call()
    },

    routes: <E extends Env>(spread?: Spread<E>) => {
      const app = createRoutes<E>()
      serve(app, setFaults, async (c) => {
        now = c.req.valid('json')
        const request = () =>
          new Request(c.req.url, { method: 'POST', headers: JSON_ONLY, body: JSON.stringify(now) })
        await spread?.(c, request)
        return c.json(now, 200)
      })
      serve(app, getFaults, async (c) => {
        const others = await spread?.(c, () => new Request(c.req.url))
        return c.json({ ...now, crashing: stillCrashing(now, others ?? []) }, 200)
      })
      return app
    },
  }
}

const JSON_ONLY = { 'content-type': 'application/json' }

/** A consumer has crashed once its own Worker says so. */
const stillCrashing = (own: Faults, others: readonly Faults[]): Faults['crashing'] =>
  own.crashing.filter((consumer) => others.every(({ crashing }) => crashing.includes(consumer)))

const delayed = (message: MessageSendRequest, { delaySeconds }: Faults): MessageSendRequest =>
  delaySeconds === 0 ? message : { ...message, delaySeconds }

/** The platform never hears what became of the message. */
const unacknowledged = (message: QueueMessage): QueueMessage => ({
  ...message,
  ack: () => undefined,
  retry: () => undefined,
})

export const faults = createFaults({
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})
