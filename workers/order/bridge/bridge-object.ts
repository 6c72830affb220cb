import { DurableObject } from 'cloudflare:workers'
import { awsSink } from '../../../src/bridge/aws/sink.ts'
import { openTarget } from '../../../src/bridge/aws/targets.ts'
import { feedSource } from '../../../src/bridge/feed-source.ts'
import { restAfter, runTurn, type TurnEnd } from '../../../src/bridge/run-turn.ts'
import { createLog } from '../../../src/cloudflare/log.ts'
import { createDurableHost, type DurableHost } from '../../../src/cloudflare/partition-host.ts'
import { sha256 } from '../../../src/cloudflare/sha256.ts'
import { validSettings } from '../../../src/cloudflare/valid-settings.ts'
import { createSettingCheck } from '../../../src/cloudflare/witness.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { openOrderPartitions } from '../order-partitions.ts'
import { type OrderSettings, readOrderSettings } from '../settings.ts'
import { lookForWork } from './consumer-feed.ts'

const NO_EVENTS = { publish: async () => undefined, lingerMs: 0 }

/** Longer than any rest: an alarm that is set is left as it is, and one that never came is set again. */
const REARM_MS = 90 * SECOND_MS

const log = createLog('order')
const checkSetting = createSettingCheck(log)

/**
 * The bridge to AWS without a process: each alarm is a turn. It keeps nothing but its alarm. The position is the feed
 * consumer's, so it can be evicted at any moment, and no order waits for it.
 */
export class BridgeObject extends DurableObject<OrderEnv> {
  readonly #durable: DurableHost
  readonly #settings: OrderSettings
  #isAtWork = false
  #quietTurns = 0

  constructor(ctx: DurableObjectState, env: OrderEnv) {
    super(ctx, env)
    this.#settings = validSettings(readOrderSettings(env))
    this.#durable = createDurableHost(ctx, NO_EVENTS, log)
  }

  /** Starts the bridge, or sets its alarm again if the platform gave it up. */
  async rouse(): Promise<void> {
    if (this.#isAtWork) return
    const isSet = (await this.ctx.storage.getAlarm()) !== null
    await this.#durable.rearm(() => this.#wakeAfter(isSet ? REARM_MS : 0))
  }

  override alarm() {
    return this.#durable.onAlarm(async () => {
      this.#isAtWork = true
      try {
        const restMs = await this.#work()
        if (restMs !== undefined) this.#wakeAfter(restMs)
      } finally {
        this.#isAtWork = false
      }
    })
  }

  #wakeAfter(ms: number): void {
    const { turn, wakeBy, now } = this.#durable.host
    turn(() => wakeBy(now() + ms))
  }

  /** Returns after how many milliseconds to go on. Undefined where the bridge is switched off. */
  async #work(): Promise<number | undefined> {
    const { bridge, partitions: set } = this.#settings
    if (bridge?.key === undefined) return undefined
    const partitions = await openOrderPartitions(this.env.ORDERS, set)()
    await partitions.check(checkSetting)
    const work = await lookForWork(partitions, bridge.consumer, Date.now())
    if (work === undefined) return this.#restAfter({ kind: 'quiet' }, 0)
    this.#quietTurns = 0
    const sink = awsSink(openTarget(bridge.address, bridge.key, sha256))
    return this.#restAfter(await runTurn(feedSource(work.client), sink), work.failures)
  }

  #restAfter(end: TurnEnd, failures: number): number {
    const seconds = restAfter(end, { quietTurns: this.#quietTurns, failures }, Math.random)
    if (end.kind === 'quiet') this.#quietTurns += 1
    if ('reason' in end) log('warn', 'the bridge tries again', { reason: end.reason, seconds })
    return seconds * SECOND_MS
  }
}
