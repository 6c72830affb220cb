import { feedSource } from '../../../../src/bridge/feed-source.ts'
import { Stop } from '../../../../src/bridge/ports.ts'
import { runBridge } from '../../../../src/bridge/run-bridge.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import { createInvocation } from '../../platform/platform.ts'
import type { Random } from '../../platform/random.ts'
import type { Actor } from '../../platform/scheduler.ts'
import type { BridgeSettings } from '../../world/action.ts'
import type { ClientPorts } from '../client-ports.ts'
import { adjustConsumer } from './adjust-consumer.ts'
import type { BridgedConsumer } from './bridged-consumer.ts'
import { consumerClient } from './consumer-client.ts'

const RESTARTS_AFTER_MS = SECOND_MS

type Invocation = ReturnType<typeof createInvocation>

/** A bridge in a process that hangs, dies, and is started again by its supervisor. */
export class BridgeProcess {
  readonly name: string
  hasEnded = false
  readonly #ports: ClientPorts
  readonly #consumer: BridgedConsumer
  readonly #settings: BridgeSettings
  readonly #supervisor: Actor
  readonly #random: Random
  #isLast = false
  #starts = 0
  #calls = 0
  #wake: (() => void) | undefined

  constructor(
    ports: ClientPorts,
    consumer: BridgedConsumer,
    { name, settings, supervisor }: { name: string; settings: BridgeSettings; supervisor: Actor },
  ) {
    this.name = name
    this.#ports = ports
    this.#consumer = consumer
    this.#settings = settings
    this.#supervisor = supervisor
    this.#random = ports.platform.stream(`bridge/${name}`)
  }

  start(): void {
    this.#starts += 1
    const invocation = createInvocation(this.#ports.platform, `bridge ${this.name}.${this.#starts}`)
    this.#ports.platform.scheduler.after(0, invocation.actor, () => void this.#runAgain(invocation))
  }

  goOn(): void {
    this.#isLast = true
    this.#wake?.()
  }

  /** A bridge stops where its cursor is refused. Then an operator moves the consumer and starts it again. */
  async #runAgain(invocation: Invocation): Promise<void> {
    try {
      await this.#run(invocation)
      this.hasEnded = true
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      await adjustConsumer(this.#ports, this.#consumer, { kind: 'seek', outlet: invocation })
      await this.#runAgain(invocation)
    }
  }

  async #run(invocation: Invocation): Promise<void> {
    const { actor } = invocation
    const { holder, leaseSeconds, limit, idleMs } = this.#settings
    const ending = new AbortController()
    const client = consumerClient(this.#ports, this.#consumer, {
      ...{ outlet: invocation, name: holder, leaseSeconds, limit },
      beforeCall: () => this.#hangAfterLastCall(actor),
      idle: () => (this.#isLast ? undefined : () => sleep(idleMs)),
    })
    const sink = this.#consumer.topic.sinkFor(invocation, () => this.#crash(invocation))
    await runBridge(feedSource(client), sink, {
      signal: ending.signal,
      pause: (seconds) => sleep(seconds * SECOND_MS),
      chance: () => actor.chance(),
      onDelivered: (items) => {
        if (items === 0 && this.#isLast) ending.abort()
      },
      onFailure: ({ error }) =>
        this.#ports.platform.trace(actor.name, () => `cannot go on: ${String(error)}`),
    })
  }

  async #hangAfterLastCall(actor: Actor): Promise<void> {
    this.#calls += 1
    if (this.#isLast || this.#calls <= this.#settings.callsMax) return
    await new Promise<void>((resolve) => {
      this.#wake = () => void this.#ports.platform.scheduler.after(0, actor, resolve)
    })
  }

  /** Sometimes nothing of the process comes after this. */
  async #crash(invocation: Invocation): Promise<void> {
    const { platform } = this.#ports
    if (!platform.faults.isOn || this.#random.chance() >= this.#settings.crashes) return
    platform.trace(invocation.actor.name, () => 'is killed before its commit')
    invocation.kill()
    platform.scheduler.after(RESTARTS_AFTER_MS, this.#supervisor, () => this.start())
    await new Promise(() => undefined)
  }
}

const sleep = (ms: number): Promise<void> =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms)
  })
