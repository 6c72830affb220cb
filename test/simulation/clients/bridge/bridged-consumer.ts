import type { Topic } from './topic.ts'

/** A process of a bridge, as the end of the world sees it. */
type Bridge = {
  readonly name: string
  readonly hasEnded: boolean
  /** At rest: a process that hangs goes on from where it was, publishes what is left, and ends. */
  goOn(): void
}

/** A consumer of the order feed, and the bridges that fight for it and publish to one topic. */
export type Bridged = { consumer: BridgedConsumer; bridges: Bridge[] }

/** What is known outside the system of a consumer of the feed and of the bridges that publish for it. */
export class BridgedConsumer {
  readonly name: string
  readonly topic: Topic
  /** How many messages the topic had when an operator asked to move the consumer back to the oldest order. */
  readonly seeks: number[] = []
  readonly #tokens = new Set<string>()
  readonly #void = new Set<string>()

  constructor(name: string, topic: Topic) {
    this.name = name
    this.topic = topic
  }

  /** The tokens of all leases until now, for a call that ends these. */
  tokens(): string[] {
    return [...this.#tokens]
  }

  /** A lease was granted, and so the ones from before the call are void. */
  recordLease(token: string, before: readonly string[]): void {
    this.recordEnded(before)
    this.#tokens.add(token)
  }

  recordEnded(tokens: readonly string[]): void {
    for (const token of tokens) this.#void.add(token)
  }

  /** Whether this lease ended before now, as far as its world can tell. */
  hasEnded(token: string): boolean {
    return this.#void.has(token)
  }
}
