import type { RateWindow } from './measure.ts'
import type { Plan } from './options.ts'

type MeasureWindow = (perSecond: number, seconds: number) => Promise<RateWindow>

/** What a rate is lowered by when a longer window does not confirm it. */
const LOWER = 0.9
const CONFIRMATIONS_MAX = 6

/**
 * The highest rate with a flat backlog: halves the interval between a rate that is flat and one that is not, and confirms
 * the result in a longer window. Where no window is flat, the last one is returned, and says so.
 */
export const highestRate = async (
  measureWindow: MeasureWindow,
  guess: number,
  { steps, seconds, confirmSeconds }: Plan['search'],
): Promise<RateWindow> => {
  let [low, high, rate] = [0, guess * 1.5, guess]
  for (let step = 0; step < steps; step += 1) {
    const { isFlat } = await measureWindow(rate, seconds)
    if (isFlat) low = rate
    else high = rate
    rate = (low + high) / 2
  }
  let confirmed = await measureWindow(low > 0 ? low : rate, confirmSeconds)
  for (let tries = 1; !confirmed.isFlat && tries < CONFIRMATIONS_MAX; tries += 1)
    confirmed = await measureWindow(confirmed.perSecond * LOWER, confirmSeconds)
  return confirmed
}
