import { expect, it } from 'vitest'
import { readPage, withFigures } from '../../../bench/figures-in-page.ts'
import { costFigures, productionFigures } from '../../../bench/scaling/cost-tables.ts'
import {
  COST_PAGE,
  PRODUCTION_PAGE,
  SCALING_PAGE,
  STORAGE_PAGE,
  simulateScaling,
  storageFigures,
  THROUGHPUT_PLOT,
} from '../../../bench/scaling/main.ts'
import { SMALLEST } from '../../../bench/scaling/plan.ts'
import { simulate } from '../../../bench/scaling/simulate.ts'

it('docs/scaling.md and its plot show what the model computes: npm run bench -- --scaling --write', () => {
  const { figures, plot } = simulateScaling()
  expect(withFigures(readPage(SCALING_PAGE), figures)).toBe(readPage(SCALING_PAGE))
  expect(readPage(THROUGHPUT_PLOT)).toBe(plot)
})

it('docs/storage.md shows the budget of rows: npm run bench -- --scaling --write', () => {
  expect(withFigures(readPage(STORAGE_PAGE), storageFigures())).toBe(readPage(STORAGE_PAGE))
})

it('docs/cost.md shows what the model and the price list compute: npm run bench -- --scaling --write', () => {
  expect(withFigures(readPage(COST_PAGE), costFigures())).toBe(readPage(COST_PAGE))
})

it('docs/production.md shows a month at three sizes: npm run bench -- --scaling --write', () => {
  expect(withFigures(readPage(PRODUCTION_PAGE), productionFigures())).toBe(readPage(PRODUCTION_PAGE))
})

it('an order alone in the model waits for no other order: two calls to the bank, seven hops, no more', () => {
  const { settleP50Ms, perOrder } = simulate({ ...SMALLEST, ordersPerSecond: 1 }, 20)
  expect(perOrder.messages).toBeGreaterThan(7)
  expect(perOrder.messages).toBeLessThanOrEqual(8)
  expect(settleP50Ms).toBeGreaterThan(600)
  expect(settleP50Ms).toBeLessThan(900)
})

it('a partition that gets more than it can do falls behind in the model', () => {
  const { settledPerSecond, busyShare } = simulate({ ...SMALLEST, ordersPerSecond: 2_000 }, 3)
  expect(settledPerSecond).toBeLessThan(1_500)
  expect(busyShare['order partition']).toBeGreaterThan(1)
})

it('a hot product is bound by its one stock partition until its stock lies in several', () => {
  const plan = { ...SMALLEST, ordersPerSecond: 4_000, orderPartitions: 16, stockPartitions: 8, hotShare: 1 }
  const [inOne, inFour] = [1, 4].map((hotLeases) => simulate({ ...plan, hotLeases }, 2))
  expect(inOne?.busyShare['stock partition']).toBeGreaterThan(1)
  expect(inFour?.busyShare['stock partition']).toBeLessThan(0.8)
})
