/** Every tab and device that watches one order, and its shop. More than that is a crowd, and a crowd polls. */
const WAITING_PER_ORDER_MAX = 100
/** Each keeps a call open, a few kilobytes: all of them together are a small part of an object's 128 MB. */
const WAITING_MAX = 5_000

/** `crowded`: too many wait already, so nobody waited. */
export type Wait = 'changed' | 'unchanged' | 'crowded'

type Wake = (wait: Wait) => void

/** Who waits for an order to change. Memory only: who waits through a crash or an eviction asks again. */
export const createWaiting = () => {
  const waiting = new Map<string, Set<Wake>>()
  let count = 0

  const join = (orderId: string, wake: Wake): void => {
    waiting.set(orderId, (waiting.get(orderId) ?? new Set()).add(wake))
    count += 1
  }

  const leave = (orderId: string, wake: Wake): void => {
    const waiters = waiting.get(orderId)
    waiters?.delete(wake)
    count -= 1
    if (waiters?.size === 0) waiting.delete(orderId)
  }

  return {
    /** Waits from this very moment, so what was read just before is not overtaken. */
    nextChange: (orderId: string, withinMs: number): Promise<Wait> => {
      const isCrowded = count >= WAITING_MAX || (waiting.get(orderId)?.size ?? 0) >= WAITING_PER_ORDER_MAX
      if (isCrowded) return Promise.resolve('crowded')
      return new Promise((resolve) => {
        const wake: Wake = (wait) => {
          clearTimeout(timer)
          leave(orderId, wake)
          resolve(wait)
        }
        const timer = setTimeout(() => wake('unchanged'), withinMs)
        join(orderId, wake)
      })
    },

    /** The order changes in this turn: who waits looks at it after the turn. */
    tell: (orderId: string): void => {
      for (const wake of waiting.get(orderId) ?? []) wake('changed')
    },
  }
}
