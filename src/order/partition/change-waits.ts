import type { PartitionHost } from '../../messaging/partition.ts'
import { createWaitingRoom, type RoomLimits } from '../../messaging/waiting-room.ts'

/** `crowded`: the wait had to make room for another. */
export type Wait = 'changed' | 'unchanged' | 'crowded'

type Waiting = { orderId: string; holder: string; limits: RoomLimits }

type Wake = (wait: Wait) => void

/** Calls that wait for an order to change. Memory only: a caller that waits through a crash or an eviction asks again. */
export const createWaiting = ({ after }: Pick<PartitionHost, 'after'>) => {
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
    /** Waits from this very moment, so what was read just before is not overtaken. */
    nextChange: ({ orderId, holder, limits }: Waiting, withinMs: number): Promise<Wait> =>
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
          { orderId, holder, shed: () => queueMicrotask(() => wake('crowded')) },
          limits,
        )
      }),

    /** The order changes in this turn: who waits looks at it after the turn. */
    tell: (orderId: string): void => {
      for (const wake of waiting.get(orderId) ?? []) wake('changed')
    },
  }
}
