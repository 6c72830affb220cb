import type { PartitionHost } from './partition.ts'
import { createWaitingRoom, type RoomLimits } from './waiting-room.ts'

/** `crowded`: the wait ended early to make room for another. */
export type Wait = 'changed' | 'unchanged' | 'crowded'

type Waiting = { orderId: string; bearer: string; limits: RoomLimits }

type Wake = (wait: Wait) => void

/** Calls that wait until an order changes. They are in memory only: after a crash or an eviction the caller asks again. */
export const createChangeWaits = ({ after }: Pick<PartitionHost, 'after'>) => {
  const room = createWaitingRoom()
  const waiting = new Map<string, Set<Wake>>()

  const join = (orderId: string, wake: Wake): void => {
    waiting.set(orderId, (waiting.get(orderId) ?? new Set()).add(wake))
  }

  const leave = (orderId: string, wake: Wake): void => {
    const waiters = waiting.get(orderId)
    waiters?.delete(wake)
    if (waiters?.size === 0) waiting.delete(orderId)
  }

  return {
    /** Waits from this moment on. A caller that reads the order in the same turn misses no change. */
    nextChange: ({ orderId, bearer, limits }: Waiting, withinMs: number): Promise<Wait> =>
      new Promise((resolve) => {
        const stopTimer = after(withinMs, () => wake('unchanged'))
        const wake: Wake = (wait) => {
          stopTimer()
          leave(orderId, wake)
          seat.leave()
          resolve(wait)
        }
        join(orderId, wake)
        const seat = room.enter(
          { orderId, bearer, shed: () => queueMicrotask(() => wake('crowded')) },
          limits,
        )
      }),

    /** The order has changed: its waits end. Called after the turn. */
    notify: (orderId: string): void => {
      for (const wake of waiting.get(orderId) ?? []) wake('changed')
    },
  }
}
