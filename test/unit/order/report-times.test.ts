import { expect, it } from 'vitest'
import { createReportTimes } from '../../../src/order/report-times.ts'
import { NOW, paymentAuthorized, stockReserved } from '../../support/builders.ts'

it('knows how long ago each leg reported, and nothing of a leg that never did', () => {
  const times = createReportTimes()
  expect(times.agesMs(NOW)).toEqual({})
  times.note([stockReserved()], NOW)
  times.note([stockReserved(), paymentAuthorized()], NOW + 1_000)
  expect(times.agesMs(NOW + 3_000)).toEqual({ inventory: 2_000, payment: 2_000 })
})
