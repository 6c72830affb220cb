import { setTimeout as sleep } from 'node:timers/promises'
import { plainEventExample } from '../../../src/contracts/examples/events.ts'
import { type Chance, createChance } from '../../crash/chance.ts'
import { eventually } from '../eventually.ts'
import { type BridgeProcess, startBridge } from './bridge-process.ts'
import type { BrokerToKill } from './brokers-to-kill.ts'
import type { TrappedWay } from './trapped-way.ts'

export type KillPlan = { orders: number; bridgeKills: number; brokerKills: number; seed: number }

export type KillRun = {
  broker: BrokerToKill
  /** The broker's word after `npm run bridge --`. */
  word: string
  /** To the system, with a key for it. */
  way: TrappedWay
  key: string
  plan: KillPlan
}

/** Two bridges take the lease of one consumer from each other all the time, because both say that they are the same holder. */
const BRIDGES = {
  in: ['--in'],
  out: ['--out', '--holder', 'one'],
  rival: ['--out', '--holder', 'one'],
} as const

type Name = keyof typeof BRIDGES
type Victim = Name | 'broker'

/** Nothing hangs for longer: a killed member of a group is missed after ten seconds, and a bridge waits up to a minute. */
const PROGRESS_MS_MAX = 120_000
/** A kill comes so long after the delivery that it waits for, at most: in any part of the next page. */
const KILL_DELAY_MS_MAX = 150

/** The ids of the orders. The first is the example, as it stands. */
export const orderIdsOf = ({ orders }: Pick<KillPlan, 'orders'>): string[] =>
  Array.from({ length: orders }, (_, index) => (index === 0 ? plainEventExample.orderId : `killed-${index}`))

/** The plain event of version 1, as JSON text. */
export const plainEventOf = (orderId: string): string => JSON.stringify({ ...plainEventExample, orderId })

/** An order of a product that does not exist. */
export const POISON = JSON.stringify({
  ...plainEventExample,
  orderId: 'poison',
  items: [{ productId: 'NOPE', quantity: 1 }],
})

/**
 * Places the orders and one poison in portions, one for each kill and one more. After each portion the victim is killed
 * while it works, and started again: each bridge in turn where it hurts most, and at any moment. Returns the bridges that go
 * on, and those that were killed.
 */
export const placeUnderKills = async (run: KillRun): Promise<Record<'alive' | 'killed', BridgeProcess[]>> => {
  const { broker, plan } = run
  const chance = createChance(plan.seed, 'bridge kills')
  const victims = victimsOf(plan, chance)
  const bodies = orderIdsOf(plan).map(plainEventOf)
  bodies.splice(chance.integer(1, bodies.length - 1), 0, POISON)
  const bridges = startAll(run)
  for (const [index, portion] of portionsOf(bodies, victims.length + 1).entries()) {
    const victim = victims[index]
    const before = victims.slice(0, index).filter((name) => name === victim).length
    const kill = victim && killOf(victim, before % 2 === 0, { broker, bridges, chance })
    await broker.send(portion)
    await kill?.()
  }
  return { alive: bridges.alive(), killed: bridges.killed() }
}

type Killing = { broker: BrokerToKill; bridges: Bridges; chance: Chance }

/** Gets ready, and returns what awaits the moment, kills and starts again. */
const killOf = (victim: Victim, isWorst: boolean, { broker, bridges, chance }: Killing) => {
  if (victim !== 'broker' && isWorst) {
    const isKilled = bridges.trap(victim)
    return async () => {
      await eventually(isKilled, Boolean, { withinMs: PROGRESS_MS_MAX })
    }
  }
  const isAtWork = bridges.progressOf(victim)
  return async () => {
    await eventually(isAtWork, Boolean, { withinMs: PROGRESS_MS_MAX })
    await sleep(chance.between(0, KILL_DELAY_MS_MAX))
    if (victim === 'broker') return await broker.killAndStart?.()
    await bridges.killAndStart(victim)
  }
}

const victimsOf = ({ bridgeKills, brokerKills }: KillPlan, chance: Chance): Victim[] => {
  const names = Object.keys(BRIDGES) as Name[]
  const killed = Array.from({ length: bridgeKills }, (_, kill) => names[kill % names.length] ?? 'in')
  return chance.shuffled<Victim>([...killed, ...Array.from({ length: brokerKills }, () => 'broker' as const)])
}

const portionsOf = <Item>(items: readonly Item[], count: number): Item[][] =>
  Array.from({ length: count }, (_, index) =>
    items.slice(Math.floor((index * items.length) / count), Math.floor(((index + 1) * items.length) / count)),
  )

const startAll = ({ broker, word, way, key }: KillRun) => {
  const start = (name: Name): BridgeProcess => {
    const [direction, ...more] = BRIDGES[name]
    return startBridge({
      args: [word, direction, ...more, ...broker.flags[direction]],
      environment: {
        ...broker.environment,
        EDGE_ORDERS_URL: way.addressOf(name),
        EDGE_ORDERS_KEY: key,
      },
    })
  }
  const bridges: Record<Name, BridgeProcess> = { in: start('in'), out: start('out'), rival: start('rival') }
  const killed: { name: Name; bridge: BridgeProcess }[] = []
  const deliveredBy = (names: readonly Name[]): number => {
    const dead = killed.filter(({ name }) => names.includes(name)).map(({ bridge }) => bridge)
    return [...names.map((name) => bridges[name]), ...dead].reduce((sum, each) => sum + each.delivered(), 0)
  }
  const killAndStart = async (name: Name): Promise<void> => {
    const bridge = bridges[name]
    await bridge.kill()
    if (name === 'in') await broker.returnReceived?.()
    bridges[name] = start(name)
    killed.push({ name, bridge })
  }
  return {
    alive: () => Object.values(bridges),
    killed: () => killed.map(({ bridge }) => bridge),
    /** Whether anything was delivered the victim's way since this call. Either rival may have the lease. */
    progressOf: (victim: Victim): (() => boolean) => {
      const names = sameWay(victim)
      const before = deliveredBy(names)
      return () => deliveredBy(names) > before
    },
    /**
     * It is killed where it hurts most, and started again: its rival, if that is there first. One of them may take the whole
     * portion. Whether that was.
     */
    trap: (victim: Name): (() => boolean) => {
      let isKilled = false
      way.trap(sameWay(victim), async (name) => {
        await killAndStart(name)
        isKilled = true
      })
      return () => isKilled
    },
    killAndStart,
  }
}

const sameWay = (victim: Victim): readonly Name[] => (victim === 'in' ? ['in'] : ['out', 'rival'])

type Bridges = ReturnType<typeof startAll>
