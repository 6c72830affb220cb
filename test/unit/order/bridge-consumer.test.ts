import { describe, expect, it } from 'vitest'
import type { FeedLease } from '../../../src/bridge/feed-source.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { Adjustment } from '../../../src/order/partition/feed-consumers.ts'
import { lookForWork } from '../../../workers/order/bridge/consumer-feed.ts'
import { bridgesOf, bridgeWarnings } from '../../../workers/order/bridge/open-bridge.ts'
import { feedPartitionsOf } from '../../support/feed-partitions.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const NAME = 'bridge'

const createBridge = () => {
  const world = createOrderWorld()
  const consumers = () => world.partition().feedConsumers
  const calls = {
    feed: feedPartitionsOf(world),
    feedConsumers: {
      list: async () => consumers().list(),
      put: async (...put: Parameters<ReturnType<typeof consumers>['put']>) => consumers().put(...put),
      lease: async (...lease: Parameters<ReturnType<typeof consumers>['lease']>) =>
        consumers().lease(...lease),
      commit: async (...commit: Parameters<ReturnType<typeof consumers>['commit']>) =>
        consumers().commit(...commit),
    },
  }
  const look = () => lookForWork(calls, NAME, world.memory.now())
  return {
    world,
    look,
    /** Delivers and commits all there is. Returns the types of the events. */
    drain: async () => {
      const types: string[] = []
      for (let work = await look(); work !== undefined; work = await look()) {
        const lease = await work.client.lease()
        const page = await work.client.read(lease)
        types.push(...page.events.map(({ type }) => type))
        await work.client.commit(lease, page.next)
      }
      return types
    },
    makeOfProducts: () =>
      consumers().put({ name: NAME, feed: 'products', types: undefined, cursor: 'one of products' }),
    adjust: (adjustment: Adjustment) => consumers().adjust(NAME, adjustment),
    consumer: () => consumers().list()[0],
    leaseAs: (holder: string) =>
      consumers().lease(NAME, { holder, seconds: 60, token: undefined, newToken: 't' }),
    writtenRows: () => world.memory.host.sql<{ n: number }>('SELECT total_changes() AS n')[0]?.n,
  }
}

describe('the bridge in an object', () => {
  it('makes its consumer, and delivers from the oldest order on', async () => {
    const { world, drain, consumer } = createBridge()
    world.place()
    expect(await drain()).toEqual(['OrderPlaced'])
    expect(consumer()).toMatchObject({ name: NAME, failures: 0 })
  })

  it('sends nothing under a consumer of the products, and says which setting to correct', async () => {
    const { look, makeOfProducts, consumer } = createBridge()
    makeOfProducts()
    const before = consumer()
    await expect(look()).rejects.toThrow('Name another one in BRIDGE_CONSUMER.')
    expect(consumer()).toEqual(before)
  })

  it('writes no row while nothing comes', async () => {
    const { world, drain, look, writtenRows } = createBridge()
    world.place()
    await drain()
    const before = writtenRows()
    expect(await look()).toBeUndefined()
    expect(writtenRows()).toBe(before)
  })

  it('does nothing while its consumer is paused, and goes on where it was', async () => {
    const { world, drain, adjust } = createBridge()
    await drain()
    adjust({ kind: 'pause' })
    world.place()
    expect(await drain()).toEqual([])
    adjust({ kind: 'resume' })
    expect(await drain()).toEqual(['OrderPlaced'])
  })

  it('delivers a test event', async () => {
    const { drain, adjust } = createBridge()
    await drain()
    adjust({ kind: 'test', testId: '01M8GQW8HHZAS62VV1WB6D4AY8' })
    expect(await drain()).toEqual(['FeedTested'])
  })

  it('leaves the consumer to another bridge until the lease of that one is over', async () => {
    const { world, look, drain, leaseAs } = createBridge()
    await drain()
    world.place()
    world.memory.advance(2 * MINUTE_MS)
    expect(leaseAs('host-1').ok).toBe(true)
    expect(await look()).toBeUndefined()
    world.memory.advance(MINUTE_MS)
    expect(await drain()).toEqual(['OrderPlaced'])
  })

  it('commits nothing of a page that it had read before its consumer was paused', async () => {
    const { world, look, adjust, consumer } = createBridge()
    world.place()
    const work = await look()
    const lease = (await work?.client.lease()) as FeedLease
    const page = await work?.client.read(lease)
    adjust({ kind: 'pause' })
    const before = consumer()
    await expect(work?.client.commit(lease, page?.next ?? '')).rejects.toThrow('lease_lost')
    expect(consumer()).toEqual(before)
  })
})

describe('a deployment', () => {
  const ADDRESS = { service: 'sns', name: 'arn', region: 'r', endpoint: 'https://sns' } as const
  const KEY = { accessKeyId: 'id', secretAccessKey: 'secret' }
  const bridge = (key: typeof KEY | undefined) => ({ bridge: { address: ADDRESS, consumer: NAME, key } })
  /** With the class, whose object does so when it is rearmed. */
  const envWith = (rouse: () => Promise<void>) =>
    ({ BRIDGE: { getByName: () => ({ rouse }) } }) as unknown as OrderEnv
  const never = () => {
    throw new Error('an object begins to exist')
  }

  it('without a target or without its key has no object', () => {
    expect(bridgesOf(envWith(never), { bridge: undefined })).toEqual([])
    expect(bridgesOf(envWith(never), bridge(undefined))).toEqual([])
  })

  it('without a target has nothing to warn of', async () => {
    expect(await warningsOf({} as OrderEnv, { bridge: undefined })).toEqual({ warnings: [], asked: [] })
  })

  it('with a target is warned of what it lacks, and orders go on', async () => {
    const { warnings } = await warningsOf({} as OrderEnv, bridge(undefined))
    expect(warnings).toEqual([
      expect.stringMatching(/^BRIDGE_TARGET gets no events: wrangler.toml has the class BridgeObject only/),
      expect.stringMatching(/^BRIDGE_TARGET gets no events: `npx wrangler secret put AWS_ACCESS_KEY_ID`/),
    ])
  })

  it('starts its bridge, and is warned of one that does not start', async () => {
    let starts = 0
    const rouse = async () => {
      starts += 1
    }
    expect(await warningsOf(envWith(rouse), bridge(KEY))).toEqual({ warnings: [], asked: ['bridge'] })
    expect(starts).toBe(1)
    const away = async () => {
      throw new Error('no memory')
    }
    const { warnings } = await warningsOf(envWith(away), bridge(KEY))
    expect(warnings).toEqual(['bridge: does not start or does not answer. The log says why'])
  })
})

/** The warnings, and under which names readiness remembers what was found. */
const warningsOf = async (env: OrderEnv, settings: Parameters<typeof bridgeWarnings>[1]) => {
  const asked: string[] = []
  const warnings = await bridgeWarnings(env, settings, (name, ask) => {
    asked.push(name)
    return ask()
  })
  return { warnings, asked }
}
