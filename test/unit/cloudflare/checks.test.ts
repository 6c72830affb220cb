import { expect, it } from 'vitest'
import { createChecks } from '../../../src/cloudflare/checks.ts'
import { rouseAll } from '../../../src/cloudflare/rouse.ts'
import { readinessOf } from '../../../src/contracts/http/readiness.ts'
import { NOW } from '../../support/builders.ts'

const setUp = () => {
  const clock = { now: NOW }
  const check = createChecks(() => clock.now)
  const roused: string[] = []
  const sick = new Set<string>()
  const sleepers = ['orders-0', 'orders-1'].map((name) => ({
    name,
    rouse: async () => {
      roused.push(name)
      if (sick.has(name)) throw new Error('D1_ERROR: secret of the platform')
    },
  }))
  return { clock, roused, sick, rouse: () => rouseAll(sleepers, async () => undefined, check) }
}

it('rouses a partition that is well once in five seconds, and one that is not twice a second', async () => {
  const { clock, roused, sick, rouse } = setUp()
  sick.add('orders-1')
  await rouse()
  await rouse()
  expect(roused).toEqual(['orders-0', 'orders-1'])
  clock.now += 500
  await rouse()
  expect(roused.slice(2)).toEqual(['orders-1'])
  clock.now += 4_500
  await rouse()
  expect(roused.slice(3)).toEqual(['orders-0', 'orders-1'])
})

it('tells in our own words what is wrong, and apart from it what the partition said', async () => {
  const { sick, rouse } = setUp()
  sick.add('orders-1')
  expect(readinessOf(await rouse(), [])).toEqual({
    ready: false,
    problems: ['orders-1: does not start or does not answer. The log says why'],
    errors: ['orders-1: Error: D1_ERROR: secret of the platform'],
  })
})
