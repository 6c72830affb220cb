import { describe, expect, it } from 'vitest'
import { rememberedCounts } from '../../../src/cloudflare/remembered-counts.ts'
import { createSettingCheck, keepOpenSetting, objectionTo } from '../../../src/cloudflare/witness.ts'
import { rememberSetting } from '../../../src/messaging/fixed-setting.ts'
import {
  OPEN_ORDER_PARTITIONS,
  orderPartitionsSetting,
  rememberedOrderPartitions,
} from '../../../src/messaging/order-partitions.ts'
import type { PartitionHost } from '../../../src/messaging/partition.ts'
import { migrate } from '../../../src/messaging/schema.ts'
import { ORDER_TABLES } from '../../../src/order/partition/order-store.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const FIRST = 'orders-0'
/** No list is set. */
const OPEN = ''

type Id = Pick<DurableObjectId, 'name' | 'equals'>

const idOf = (name: string): Id => ({ name, equals: (other) => other.name === name })

/** Order partitions of a deployment, each with its database, of which the first can be away. */
const createWorld = () => {
  const databases = new Map<string, PartitionHost>()
  const world = { asked: 0, isFirstAway: false }
  const databaseOf = (name: string): PartitionHost => {
    const database = databases.get(name) ?? createMemoryHost().host
    databases.set(name, database)
    return database
  }
  /** Runs a partition's constructor under a list, and what it waits for before it takes a call. */
  const start = async (name: string, list: string): Promise<void> => {
    const host = databaseOf(name)
    let isReady: Promise<unknown> = Promise.resolve()
    const blockConcurrencyWhile = (work: () => Promise<unknown>) => {
      isReady = work()
      return isReady
    }
    const ctx = { id: idOf(name), blockConcurrencyWhile } as unknown as DurableObjectState
    const setting = list === OPEN ? OPEN_ORDER_PARTITIONS : orderPartitionsSetting(list)
    const remember = keepOpenSetting(ctx, { host, setting, namespace: namespaceUnder(list), first: FIRST })
    migrate(host.sql, ORDER_TABLES)
    remember()
    await isReady
  }
  /** Bindings of a Worker or an object; the first partition runs under the same list. */
  const namespaceUnder = (list: string) => ({
    idFromName: (name: string) => idOf(name) as DurableObjectId,
    getByName: (name: string) => ({
      keepTo: async (value: string): Promise<void> => {
        world.asked += 1
        if (world.isFirstAway) throw new Error('Network connection lost.')
        await start(name, list)
        rememberSetting(databaseOf(name), orderPartitionsSetting(value))
      },
      remembered: async (): Promise<string> => {
        world.asked += 1
        if (world.isFirstAway) throw new Error('Network connection lost.')
        await start(name, list)
        return rememberedOrderPartitions(databaseOf(name).sql)
      },
    }),
  })
  const remembered = (name: string) =>
    databaseOf(name)
      .sql<{ value: string }>('SELECT value FROM settings')
      .map(({ value }) => value)
  return Object.assign(world, { start, namespaceUnder, remembered, databaseOf })
}

const FORBIDDEN = 'ORDER_PARTITIONS is 4, but this system was started with 2'

describe('a partition', () => {
  it('that starts for the first time remembers a list that the first partition agrees to', async () => {
    const world = createWorld()
    await world.start('orders-1', '2')
    expect([world.remembered(FIRST), world.remembered('orders-1')]).toEqual([['2'], ['2']])
  })

  it('that starts for the first time under another list refuses, and remembers nothing', async () => {
    const world = createWorld()
    await world.start(FIRST, '2')
    await expect(world.start('orders-3', '4')).rejects.toThrow(FORBIDDEN)
    expect(world.remembered('orders-3')).toEqual([])
  })

  it('refuses by its own memory before it writes anything', async () => {
    const world = createWorld()
    await world.start('orders-1', '2')
    const schema = () => world.databaseOf('orders-1').sql('SELECT * FROM schema_version')
    const before = [schema(), world.remembered('orders-1'), world.asked]
    await expect(world.start('orders-1', '4')).rejects.toThrow(FORBIDDEN)
    expect([schema(), world.remembered('orders-1'), world.asked]).toEqual(before)
  })

  it('lets one of two lists in where both start it for the first time at once', async () => {
    const world = createWorld()
    const started = await Promise.allSettled([
      world.start('orders-1', '2'),
      world.start('orders-2', '4'),
      world.start('orders-1', '3'),
    ])
    expect(started.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
    const [list] = world.remembered(FIRST)
    expect(new Set([world.remembered('orders-1'), world.remembered('orders-2')].flat())).toEqual(
      new Set([list]),
    )
  })

  it('asks no more once it remembers the list', async () => {
    const world = createWorld()
    await world.start('orders-1', '2')
    world.isFirstAway = true
    await world.start('orders-1', '2')
    expect(world.asked).toBe(1)
  })

  it('asks anew when the list grows, so that it cannot grow in two ways', async () => {
    const world = createWorld()
    await world.start('orders-1', '2')
    await world.start(FIRST, '2,4')
    await expect(world.start('orders-1', '2,5')).rejects.toThrow('Set it back to 2,4')
    await world.start('orders-1', '2,4')
    expect(world.remembered('orders-1')).toEqual(['2,4'])
  })

  it('does not start for the first time while the first partition is away', async () => {
    const world = createWorld()
    world.isFirstAway = true
    await expect(world.start('orders-1', '2')).rejects.toThrow('The first partition did not answer')
    expect(world.remembered('orders-1')).toEqual([])
  })
})

describe('a partition under no list', () => {
  it('is the only one in a new system', async () => {
    const world = createWorld()
    await world.start(FIRST, OPEN)
    expect(world.remembered(FIRST)).toEqual(['2:1'])
    await expect(world.start(FIRST, '4')).rejects.toThrow('Set it back to 2:1, or to 2:1,4 to have more.')
    await world.start(FIRST, '2:1,4')
    await world.start(FIRST, OPEN)
    expect(world.remembered(FIRST)).toEqual(['2:1,4'])
  })

  it('keeps to the list that it remembers, and asks nobody', async () => {
    const world = createWorld()
    await world.start('orders-1', '2,4')
    world.isFirstAway = true
    await world.start('orders-1', OPEN)
    expect([world.remembered('orders-1'), world.asked]).toEqual([['2,4'], 1])
  })

  it('that ran before lists were remembered keeps to the two partitions of that time', async () => {
    const world = createWorld()
    for (const name of [FIRST, 'orders-1']) {
      migrate(world.databaseOf(name).sql, ORDER_TABLES.slice(0, 1))
      await world.start(name, OPEN)
      expect(world.remembered(name)).toEqual(['2'])
    }
  })

  it('that starts for the first time takes over the list of the first partition, once that replies', async () => {
    const world = createWorld()
    await world.start(FIRST, '2,4')
    world.isFirstAway = true
    await expect(world.start('orders-3', OPEN)).rejects.toThrow('The first partition did not answer')
    expect(world.remembered('orders-3')).toEqual([])
    world.isFirstAway = false
    await world.start('orders-3', OPEN)
    expect(world.remembered('orders-3')).toEqual(['2,4'])
  })
})

describe('a Worker under no list', () => {
  it('takes the counts that the first partition remembers, and none where that is away', async () => {
    const world = createWorld()
    const first = () => rememberedCounts(world.namespaceUnder(OPEN).getByName(FIRST))
    world.isFirstAway = true
    await expect(first()).rejects.toThrow('The first partition did not answer')
    world.isFirstAway = false
    expect(await first()).toEqual({ externalIds: 2, orders: [1] })
    await world.start(FIRST, '2:1,4')
    expect(await first()).toEqual({ externalIds: 2, orders: [1, 4] })
  })
})

describe('a Worker', () => {
  const checkOf = () => {
    const logged: string[] = []
    return { logged, check: createSettingCheck((_level, message) => logged.push(message)) }
  }

  it('is refused under another list each time, and asks once where it is right', async () => {
    const world = createWorld()
    await world.start(FIRST, '2')
    const { check } = checkOf()
    const [right, wrong] = [world.namespaceUnder('2'), world.namespaceUnder('4')]
    for (const _ of [1, 2]) {
      await expect(check(wrong, FIRST, orderPartitionsSetting('4'))).rejects.toThrow(FORBIDDEN)
      await check(right, FIRST, orderPartitionsSetting('2'))
    }
    expect(world.asked).toBe(3)
  })

  it('is refused although the first partition still runs under the old list', async () => {
    const world = createWorld()
    await world.start(FIRST, '2')
    const { check } = checkOf()
    await expect(check(world.namespaceUnder('2'), FIRST, orderPartitionsSetting('4'))).rejects.toThrow(
      FORBIDDEN,
    )
  })

  it('goes on where the first partition does not answer, and asks again', async () => {
    const world = createWorld()
    const { check, logged } = checkOf()
    const namespace = world.namespaceUnder('2')
    world.isFirstAway = true
    await check(namespace, FIRST, orderPartitionsSetting('2'))
    world.isFirstAway = false
    await check(namespace, FIRST, orderPartitionsSetting('2'))
    expect({ asked: world.asked, logged }).toEqual({
      asked: 2,
      logged: ['the first partition could not be asked about a setting'],
    })
  })
})

describe('readiness', () => {
  it('has the objection of the first partition, and none of its own where that is away', async () => {
    const world = createWorld()
    await world.start(FIRST, '2')
    const objection = () =>
      objectionTo(world.namespaceUnder('4').getByName(FIRST), orderPartitionsSetting('4'))
    expect(await objection()).toContain(FORBIDDEN)
    world.isFirstAway = true
    expect(await objection()).toBeUndefined()
  })
})
