import type { Instant } from '../kernel/instant.ts'
import type { LegInquiry, LegReport } from './saga.ts'

type Leg = 'inventory' | 'payment'

/** When the last report of each leg came. It shows that the consumer of the leg's inbox works. */
export const createReportTimes = () => {
  const times = new Map<Leg, Instant>()
  return {
    note: (reports: readonly (LegReport | LegInquiry)[], now: Instant): void => {
      for (const { type } of reports) {
        const leg = legOf(type)
        if (leg !== undefined) times.set(leg, now)
      }
    },

    agesMs: (now: Instant): Partial<Record<Leg, number>> =>
      Object.fromEntries(Array.from(times, ([leg, at]) => [leg, now - at])),
  }
}

/** An inquiry comes from the alarm of a leg, also where its consumer does not work. */
const legOf = (type: (LegReport | LegInquiry)['type']): Leg | undefined => {
  if (type.startsWith('Stock')) return 'inventory'
  return type.startsWith('Payment') ? 'payment' : undefined
}
