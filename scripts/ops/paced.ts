import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND_MS } from '../../src/kernel/instant.ts'
import { numberIn } from './arguments.ts'
import { UsageError } from './usage.ts'

/** Calls under way at once: enough for a distant system, and few beside its other work. */
const AT_ONCE_MAX = 10

/** Times a second, as an operator writes it. */
export const rateIn = (given: string | undefined, usual: number): number => {
  const rate = given === undefined ? usual : numberIn(given, '--rate')
  if (rate <= 0) throw new UsageError('--rate must be above 0.')
  return rate
}

/** Does the work for each item, at most `rate` items a second and ten at once. */
export const createPaced = (rate: number) => {
  let freeAt = performance.now()
  /** Resolves when `count` items may begin. */
  const turn = async (count: number): Promise<void> => {
    const waitMs = freeAt - performance.now()
    freeAt = Math.max(freeAt, performance.now()) + (count * SECOND_MS) / rate
    if (waitMs > 0) await sleep(waitMs)
  }
  return {
    turn,
    each: async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
      const atOnce = Math.min(AT_ONCE_MAX, Math.ceil(rate))
      for (let start = 0; start < items.length; start += atOnce) {
        const together = items.slice(start, start + atOnce)
        await turn(together.length)
        await Promise.all(together.map(work))
      }
    },
  }
}
