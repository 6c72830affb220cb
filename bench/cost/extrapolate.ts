import { METERS, type Usage } from './prices.ts'

type Measured = { perSecond: number; usage: Usage }

/**
 * Use of a meter has a part that each order pays alone, and a part that the orders of a moment share: batches, messages
 * and alarms. The shared part is divided by the rate, and grows with the partitions that such a rate needs. Both parts
 * follow from the two highest measured rates.
 */
export const extrapolated = (
  measured: readonly Measured[],
  { perSecond, partitions }: { perSecond: number; partitions: number },
): Usage => {
  const [slow, fast] = measured.slice(-2)
  if (slow === undefined || fast === undefined) throw new Error('An extrapolation needs two rates.')
  const unitsAt = (slowest: number, fastest: number): number => {
    const shared = Math.max(0, (slowest - fastest) / (1 / slow.perSecond - 1 / fast.perSecond))
    const alone = Math.max(0, fastest - shared / fast.perSecond)
    return alone + (shared * partitions) / perSecond
  }
  return Object.fromEntries(
    METERS.map((meter) => [meter, unitsAt(slow.usage[meter], fast.usage[meter])]),
  ) as Usage
}
