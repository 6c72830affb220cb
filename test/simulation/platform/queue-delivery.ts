import type { Platform } from './platform.ts'
import { describe, type MessageOutcome, type StoredMessage, toMessage } from './queue-message.ts'
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

/** How many messages a batch has at most, and how many invocations consume at once. */
export type Batching = { batchMax: number; concurrency: number }

type Ports = {
  cloud: Actor
  name: string
  settings: QueueSettings
  batching: Batching
  random: Random
  /** All messages of the queue by id. A message leaves it when it is acknowledged or given up. */
  messages: Map<string, StoredMessage>
  /** Takes a message whose retries ran out. */
  giveUp(message: StoredMessage): void
}

/** Delivers the messages of one queue to its consumer: in batches, in no order, and again until they are acknowledged. */
export class QueueDelivery {
  #waiting: StoredMessage[] = []
  #running = 0
  #start: StartConsumer | undefined
  readonly #platform: Platform
  readonly #ports: Ports

  constructor(platform: Platform, ports: Ports) {
    this.#platform = platform
    this.#ports = ports
  }

  consumeWith(start: StartConsumer): void {
    this.#start = start
  }

  /** Drops the messages that wait for a batch. */
  forget(): void {
    this.#waiting = []
  }

  /** Lets the consumer see the message after this time. */
  makeVisible(message: StoredMessage, delayMs: number): void {
    message.isTaken = false
    if (this.#start === undefined) return
    message.timer = this.#platform.scheduler.after(delayMs, this.#ports.cloud, () => {
      this.#waiting.push(message)
      this.#deliver()
    })
  }

  #deliver(): void {
    while (this.#waiting.length > 0 && this.#running < this.#ports.batching.concurrency) {
      const size = Math.min(
        this.#waiting.length,
        this.#ports.random.between(1, this.#ports.batching.batchMax),
      )
      const batch: StoredMessage[] = []
      for (let taken = 0; taken < size; taken += 1) {
        batch.push(...this.#waiting.splice(this.#ports.random.below(this.#waiting.length), 1))
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
      this.#ports.name,
      () => `delivers ${batch.map(({ id, body }) => `${id} ${describe([body])}`).join(' | ')}`,
    )
    const messages = batch.map((message) => toMessage(message, outcomes, this.#ports.settings))
    // The part of a batch that the consumers use: a call of anything else fails in the world that makes it.
    const started = this.#start?.({ queue: this.#ports.name, messages } as unknown as MessageBatch)
    const limit = scheduler.after(INVOCATION_MS_MAX, this.#ports.cloud, () => started?.kill())
    let isOver = false
    const end = (kind: 'returned' | 'threw' | 'killed') => {
      if (isOver) return
      isOver = true
      limit.cancel()
      scheduler.after(this.#ports.random.below(3), this.#ports.cloud, () => {
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
    if (!this.#ports.messages.has(message.id)) return
    const isKept = ending === 'returned' ? outcome?.kind !== 'retry' : outcome?.kind === 'ack'
    if (ending !== 'lost' && ending !== 'killed' && isKept) {
      if (!this.#platform.faults.hits('acknowledgementLost')) {
        this.#ports.messages.delete(message.id)
        return
      }
      this.#platform.trace(this.#ports.name, () => `loses the acknowledgement of ${message.id}`)
    }
    if (message.attempts > this.#ports.settings.retriesMax) {
      this.#ports.messages.delete(message.id)
      this.#ports.giveUp(message)
      this.#platform.trace(this.#ports.name, () => `gives ${message.id} up`)
      return
    }
    const delayMs = outcome?.kind === 'retry' ? outcome.delayMs : this.#ports.settings.retryDelayMs
    this.makeVisible(message, ending === 'killed' ? VISIBILITY_MS : delayMs)
  }
}
