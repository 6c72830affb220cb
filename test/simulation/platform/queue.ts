import { HOUR_MS, type Instant } from '../../../src/kernel/instant.ts'
import { asDeployed } from './deployment.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import { type Batching, QueueDelivery, type StartConsumer } from './queue-delivery.ts'
import { describe, type StoredMessage, subjectsOf } from './queue-message.ts'
import type { QueueSettings } from './queue-settings.ts'
import type { Random } from './random.ts'
import type { Actor } from './scheduler.ts'

/** How many events about a subject came in, and when. */
export type Traffic = { messages: number; firstAt: Instant; lastAt: Instant }

/** A Cloudflare queue: at least once, in no order, and with all faults that its senders and its consumer may meet. */
export class SimulatedQueue {
  readonly name: string
  /** Messages whose retries ran out. */
  exhausted = 0
  /** All that was ever sent, where the queue is told to remember. */
  #sent: unknown[] | undefined
  readonly #messages = new Map<string, StoredMessage>()
  readonly #about = new Map<string, Traffic>()
  #made = 0
  #deadLetters: SimulatedQueue | undefined
  readonly #platform: Platform
  readonly #cloud: Actor
  readonly #random: Random
  readonly #delivery: QueueDelivery

  constructor(
    platform: Platform,
    {
      cloud,
      name,
      settings,
      batching,
    }: { cloud: Actor; name: string; settings: QueueSettings; batching: Batching },
  ) {
    this.name = name
    this.#platform = platform
    this.#cloud = cloud
    this.#random = platform.stream(`queue/${name}`)
    this.#delivery = new QueueDelivery(platform, {
      ...{ cloud, name, settings, batching, random: this.#random, messages: this.#messages },
      giveUp: ({ body }) => {
        this.exhausted += 1
        this.#deadLetters?.receive(body)
      },
    })
  }

  consumeWith(start: StartConsumer): void {
    this.#delivery.consumeWith(start)
  }

  /** The events about a subject so far, by the world's clock. */
  trafficAbout(subject: string): Traffic | undefined {
    return this.#about.get(subject)
  }

  /** From now on all that is sent can be sent again. */
  remember(): void {
    this.#sent = []
  }

  /** All that was sent since then: bodies of messages. */
  remembered(): readonly unknown[] {
    return this.#sent ?? []
  }

  deadLetterTo(queue: SimulatedQueue): void {
    this.#deadLetters = queue
  }

  /** The part of a queue's binding that the project uses. */
  binding(outlet: Outlet): Queue {
    const binding = {
      send: (body: unknown) => this.#send(outlet, [body]),
      sendBatch: (messages: Iterable<{ body: unknown }>) =>
        this.#send(
          outlet,
          Array.from(messages, ({ body }) => body),
        ),
      metrics: () => this.#metrics(outlet),
    }
    return binding as unknown as Queue
  }

  /** A local broker that starts again has lost its messages. */
  forget(): void {
    this.#platform.trace(this.name, () => `forgets ${this.#messages.size} messages`)
    for (const { timer } of this.#messages.values()) timer?.cancel()
    this.#messages.clear()
    this.#delivery.forget()
  }

  /** Takes a message from outside the system. */
  receive(body: unknown): void {
    this.#enqueue([body])
  }

  #send(outlet: Outlet, bodies: unknown[]): Promise<void> {
    const { scheduler, faults } = this.#platform
    const copies = bodies.map((body) => asDeployed(JSON.parse(JSON.stringify(body)), faults))
    return new Promise<void>((resolve, reject) => {
      outlet.leave(() => {
        outlet.onSend?.(bodies)
        const reply = (settle: () => void) => scheduler.resume(latencyMs(this.#random), outlet.actor, settle)
        if (faults.hits('sendRefused')) {
          this.#platform.trace(this.name, () => `refuses ${describe(copies)}`)
          return reply(() => reject(new Error('Queue send failed: overloaded')))
        }
        if (faults.hits('sendDropped')) {
          this.#platform.trace(this.name, () => `accepts and drops ${describe(copies)}`)
          return reply(resolve)
        }
        scheduler.after(latencyMs(this.#random), this.#cloud, () => this.#enqueue(copies))
        if (!faults.hits('sendTimesOut')) reply(resolve)
      })
    })
  }

  #metrics(outlet: Outlet): Promise<unknown> {
    const { scheduler, faults } = this.#platform
    return new Promise((resolve, reject) => {
      const reply = (settle: () => void) => scheduler.resume(latencyMs(this.#random), outlet.actor, settle)
      outlet.leave(() => {
        if (faults.hits('metricsFail')) return reply(() => reject(new Error('metrics are not available')))
        const times = Array.from(this.#messages.values(), (message) => message.sentAt)
        const oldest = times.length === 0 ? undefined : new Date(Math.min(...times))
        reply(() => resolve({ backlogCount: times.length, backlogBytes: 0, oldestMessageTimestamp: oldest }))
      })
    })
  }

  #enqueue(bodies: readonly unknown[]): void {
    const { scheduler, faults } = this.#platform
    this.#sent?.push(...bodies)
    for (const body of bodies) {
      for (const subject of subjectsOf(body)) this.#count(subject)
      const copies = faults.hits('messageDuplicated') ? this.#random.between(2, 3) : 1
      for (let copy = 0; copy < copies; copy += 1) {
        this.#made += 1
        const id = `${this.name}-${this.#made}`
        const message: StoredMessage = { id, body, sentAt: scheduler.now, attempts: 0, isTaken: false }
        this.#messages.set(id, message)
        this.#delivery.makeVisible(message, this.#delayMs())
      }
    }
  }

  #count(subject: string): void {
    const { now } = this.#platform.scheduler
    const { messages, firstAt } = this.#about.get(subject) ?? { messages: 0, firstAt: now }
    this.#about.set(subject, { messages: messages + 1, firstAt, lastAt: now })
  }

  #delayMs(): number {
    const { faults } = this.#platform
    const usual = this.#random.below(20)
    if (faults.hits('messageDelayedLong')) {
      return Math.min(HOUR_MS, Math.floor(10_000 / (1 - faults.stream('messageDelayedLong').chance())))
    }
    return faults.hits('messageDelayed') ? this.#random.between(100, 8_000) : usual
  }
}
