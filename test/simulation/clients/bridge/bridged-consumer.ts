import type { Topic } from './topic.ts'

/** A process of a bridge, as the end of the world sees it. */
type Bridge = {
  readonly name: string
  readonly hasEnded: boolean
  /** At rest: a process that hangs goes on from where it was, publishes what is left, and ends. */
  goOn(): void
}

/** A consumer, and the bridges that fight for it and publish to one topic. */
export type Bridged = { consumer: BridgedConsumer; bridges: Bridge[] }

type Names = { name: string; feed: 'orders' | 'products' }

/** What is known outside the system of a consumer of the feed and of the bridges that publish for it. */
export class BridgedConsumer {
  readonly name: string
  readonly feed: Names['feed']
  readonly topic: Topic
  /** Whether a version of a product may arrive after a later one: see `checkProductTopic`. */
  readonly mayOvertake: boolean
  /** How many messages the topic had when an operator asked to move the consumer back to the oldest. */
  readonly seeks: number[] = []
  readonly #tokens = new Set<string>()
  readonly #void = new Set<string>()

  constructor({ name, feed }: Names, topic: Topic, mayOvertake: boolean) {
    this.name = name
    this.feed = feed
    this.topic = topic
    this.mayOvertake = mayOvertake
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
