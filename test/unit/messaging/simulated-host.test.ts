import { createDurableHost } from '../../../src/cloudflare/partition-host.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import type { PartitionHost } from '../../../src/messaging/partition.ts'
import { describeHost, type HostUnderTest } from '../../features/host.features.ts'
import { SimulatedObject } from '../../simulation/platform/object/durable-object.ts'
import { createCloud } from '../../simulation/platform/platform.ts'
import { withSimulatedGlobals } from '../../simulation/platform/simulated-globals.ts'
import { createCalmPlatform } from '../../support/calm-platform.ts'
import { createInMemorySql } from '../../support/in-memory-sql.ts'

type Instance = { host: PartitionHost; alarm(): void }

const refuseFetch = async () => {
  throw new Error('a host sends no request')
}

/** The production host, in a Durable Object of the simulation. */
describeHost('the host in the simulation', (): HostUnderTest => {
  const platform = createCalmPlatform()
  const { scheduler } = platform
  const cloud = createCloud(scheduler, platform.stream('cloud'))
  const sent: Outgoing[] = []
  const object = new SimulatedObject<Instance>(
    platform,
    cloud,
    {
      name: 'partition',
      sql: createInMemorySql(),
      create: (state, outlet) => {
        const publish = async (outgoing: readonly Outgoing[]) =>
          outlet.leave(() => void sent.push(...outgoing))
        return { host: createDurableHost(state, { publish, lingerMs: 0 }, () => {}).host, alarm: () => {} }
      },
    },
    0,
  )
  return {
    run: (work) =>
      withSimulatedGlobals(scheduler, { log: () => {}, fetch: refuseFetch }, async () => {
        const done = object.call(cloud, { what: 'a feature', touches: [] }, ({ host }) => work(host))
        await Promise.all([done, scheduler.runUntil(scheduler.now + MINUTE_MS)])
        return await done
      }),
    sent,
    alarm: async () => object.storedAlarm(),
  }
})
