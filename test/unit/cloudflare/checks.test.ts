import { expect, it } from 'vitest'
import { createChecks } from '../../../src/cloudflare/checks.ts'
import { rearmAll } from '../../../src/cloudflare/rearm.ts'
import { readinessOf } from '../../../src/contracts/http/readiness.ts'
import { NOW } from '../../support/builders.ts'

const setUp = () => {
  const clock = { now: NOW }
  const check = createChecks(() => clock.now)
  const rearmed: string[] = []
  const sick = new Set<string>()
  const partitions = ['orders-0', 'orders-1'].map((name) => ({
    name,
    rearm: async () => {
      rearmed.push(name)
      if (sick.has(name)) throw new Error('D1_ERROR: secret of the platform')
    },
  }))
  return { clock, rearmed, sick, rearm: () => rearmAll(partitions, async () => undefined, check) }
}

it('rearms a partition that is well once in five seconds, and one that is not twice a second', async () => {
  const { clock, rearmed, sick, rearm } = setUp()
  sick.add('orders-1')
  await rearm()
  await rearm()
  expect(rearmed).toEqual(['orders-0', 'orders-1'])
  clock.now += 500
  await rearm()
  expect(rearmed.slice(2)).toEqual(['orders-1'])
  clock.now += 4_500
  await rearm()
  expect(rearmed.slice(3)).toEqual(['orders-0', 'orders-1'])
})

it('tells in our own words what is wrong, and apart from it what the partition said', async () => {
  const { sick, rearm } = setUp()
  sick.add('orders-1')
  expect(readinessOf(await rearm(), [])).toEqual({
    ready: false,
    problems: ['orders-1: does not start or does not answer. The log says why'],
    errors: ['orders-1: Error: D1_ERROR: secret of the platform'],
  })
})
