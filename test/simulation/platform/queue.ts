import { HOUR_MS, type Instant } from '../../../src/kernel/instant.ts'
import { asDeployed } from './deployment.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import { describe, type MessageOutcome, type StoredMessage, subjectsOf, toMessage } from './queue-message.ts'
import type { QueueSettings } from './queue-settings.ts'
import type { Random } from './random.ts'
import type { Actor } from './scheduler.ts'

/** The messages of a consumer that vanished are delivered again after this. */
const VISIBILITY_MS = 30_000
/** An invocation of a queue consumer may take this long. Then the platform ends it. */
const INVOCATION_MS_MAX = 900_000

/** Starts one invocation of the consumer. `killed` resolves when the invocation will never end. */
export type StartConsumer = (batch: MessageBatch) => {
  ended: Promise<void>
  killed: Promise<void>
  kill(): void
}

/** How many events about a subject came in, and when. */
export type Traffic = { messages: number; firstAt: Instant; lastAt: Instant }

/** How many messages a batch has at most, and how many invocations consume at once. */
export type Batching = { batchMax: number; concurrency: number }

/** A Cloudflare queue: at least once, in no order, and with all faults that its senders and its consumer may meet. */
export class SimulatedQueue {
  readonly name: string
  /** Messages whose retries ran out. */
  exhausted = 0
  readonly #messages = new Map<string, StoredMessage>()
  readonly #about = new Map<string, Traffic>()
  #waiting: StoredMessage[] = []
  #running = 0
  #made = 0
  #start: StartConsumer | undefined
  #deadLetters: SimulatedQueue | undefined
  readonly #platform: Platform
  readonly #cloud: Actor
  readonly #random: Random
  readonly #settings: QueueSettings
  readonly #batching: Batching

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
    this.#settings = settings
    this.#batching = batching
    this.#random = platform.stream(`queue/${name}`)
  }

  consumeWith(start: StartConsumer): void {
    this.#start = start
  }

  /** The events about a subject so far, by the world's clock. */
  trafficAbout(subject: string): Traffic | undefined {
    return this.#about.get(subject)
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
    this.#waiting = []
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
    for (const body of bodies) {
      for (const subject of subjectsOf(body)) this.#count(subject)
      const copies = faults.hits('messageDuplicated') ? this.#random.between(2, 3) : 1
      for (let copy = 0; copy < copies; copy += 1) {
        this.#made += 1
        const id = `${this.name}-${this.#made}`
        const message: StoredMessage = { id, body, sentAt: scheduler.now, attempts: 0, isTaken: false }
        this.#messages.set(id, message)
        this.#makeVisible(message, this.#delayMs())
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

  #makeVisible(message: StoredMessage, delayMs: number): void {
    message.isTaken = false
    if (this.#start === undefined) return
    message.timer = this.#platform.scheduler.after(delayMs, this.#cloud, () => {
      this.#waiting.push(message)
      this.#deliver()
    })
  }

  #deliver(): void {
    while (this.#waiting.length > 0 && this.#running < this.#batching.concurrency) {
      const size = Math.min(this.#waiting.length, this.#random.between(1, this.#batching.batchMax))
      const batch: StoredMessage[] = []
      for (let taken = 0; taken < size; taken += 1) {
        batch.push(...this.#waiting.splice(this.#random.below(this.#waiting.length), 1))
      }
      this.#running += 1
      this.#hand(batch)
    }
  }

  #hand(batch: readonly StoredMessage[]): void {
    const { scheduler, faults } = this.#platform
    const outcomes = new Map<string, MessageOutcome>()
    for (const message of batch) {
      message.isTaken = true
      message.attempts += 1
    }
    this.#platform.trace(
      this.name,
      () => `delivers ${batch.map(({ id, body }) => `${id} ${describe([body])}`).join(' | ')}`,
    )
    const messages = batch.map((message) => toMessage(message, outcomes, this.#settings))
    const started = this.#start?.({ queue: this.name, messages } as unknown as MessageBatch)
    const limit = scheduler.after(INVOCATION_MS_MAX, this.#cloud, () => started?.kill())
    let isOver = false
    const end = (kind: 'returned' | 'threw' | 'killed') => {
      if (isOver) return
      isOver = true
      limit.cancel()
      scheduler.after(this.#random.below(3), this.#cloud, () => {
        this.#running -= 1
        const isFailed = faults.hits('batchRedelivered')
        for (const message of batch) this.#settle(message, isFailed ? 'lost' : kind, outcomes.get(message.id))
        this.#deliver()
      })
    }
    void started?.ended.then(
      () => end('returned'),
      () => end('threw'),
    )
    void started?.killed.then(() => end('killed'))
  }

  #settle(
    message: StoredMessage,
    ending: 'returned' | 'threw' | 'killed' | 'lost',
    outcome: MessageOutcome,
  ): void {
    if (!this.#messages.has(message.id)) return
    const isKept = ending === 'returned' ? outcome?.kind !== 'retry' : outcome?.kind === 'ack'
    if (ending !== 'lost' && ending !== 'killed' && isKept) {
      if (!this.#platform.faults.hits('acknowledgementLost')) {
        this.#messages.delete(message.id)
        return
      }
      this.#platform.trace(this.name, () => `loses the acknowledgement of ${message.id}`)
    }
    if (message.attempts > this.#settings.retriesMax) {
      this.#messages.delete(message.id)
      this.exhausted += 1
      this.#deadLetters?.receive(message.body)
      this.#platform.trace(this.name, () => `gives ${message.id} up`)
      return
    }
    const delayMs = outcome?.kind === 'retry' ? outcome.delayMs : this.#settings.retryDelayMs
    this.#makeVisible(message, ending === 'killed' ? VISIBILITY_MS : delayMs)
  }
}
