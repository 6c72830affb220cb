/** How many may wait: in all, of one holder, and for one order. */
export type RoomLimits = { total: number; perHolder: number; perOrder: number }

export type Waiter = {
  /** The client, or the address where a read token opened the order. */
  holder: string
  orderId: string
  /** Called once, where the waiter has to make room. */
  shed(): void
}

export type Seat = {
  /** Something happened for this waiter: it counts as the one that was idle for the shortest time. */
  touch(): void
  leave(): void
}

/**
 * Bounded room for callers that wait. A new waiter always gets in. Where a bound is exceeded, the waiter that was idle
 * for the longest time makes room: of the same order or holder where that bound is exceeded, otherwise of the holder
 * that has the most waiters. So a holder never displaces one that has fewer.
 */
export const createWaitingRoom = () => {
  /** Each set begins with the waiter that was idle for the longest time. */
  const all = new Set<Waiter>()
  const byHolder = createGroups((waiter) => waiter.holder)
  const byOrder = createGroups((waiter) => waiter.orderId)

  const join = (waiter: Waiter): void => {
    all.add(waiter)
    byHolder.join(waiter)
    byOrder.join(waiter)
  }
  const leave = (waiter: Waiter): void => {
    all.delete(waiter)
    byHolder.leave(waiter)
    byOrder.leave(waiter)
  }
  const shed = (waiter: Waiter | undefined): void => {
    if (waiter === undefined) return
    leave(waiter)
    waiter.shed()
  }
  const oldestOfLargestHolder = (): Waiter | undefined => {
    const most = byHolder.largest()
    for (const waiter of all) if (byHolder.of(waiter).size === most) return waiter
    return undefined
  }

  return {
    enter: (waiter: Waiter, limits: RoomLimits): Seat => {
      join(waiter)
      if (byOrder.of(waiter).size > limits.perOrder) shed(oldest(byOrder.of(waiter)))
      if (byHolder.of(waiter).size > limits.perHolder) shed(oldest(byHolder.of(waiter)))
      if (all.size > limits.total) shed(oldestOfLargestHolder())
      return {
        touch: () => {
          if (!all.has(waiter)) return
          leave(waiter)
          join(waiter)
        },
        leave: () => leave(waiter),
      }
    },

    size: () => all.size,
  }
}

export type WaitingRoom = ReturnType<typeof createWaitingRoom>

const createGroups = (nameOf: (waiter: Waiter) => string) => {
  const groups = new Map<string, Set<Waiter>>()
  const of = (waiter: Waiter): ReadonlySet<Waiter> => groups.get(nameOf(waiter)) ?? NONE
  return {
    of,
    join: (waiter: Waiter): void => {
      groups.set(nameOf(waiter), (groups.get(nameOf(waiter)) ?? new Set()).add(waiter))
    },
    leave: (waiter: Waiter): void => {
      const group = groups.get(nameOf(waiter))
      group?.delete(waiter)
      if (group?.size === 0) groups.delete(nameOf(waiter))
    },
    largest: (): number => [...groups.values()].reduce((most, { size }) => Math.max(most, size), 0),
  }
}

const NONE: ReadonlySet<Waiter> = new Set()

const oldest = (waiters: ReadonlySet<Waiter>): Waiter | undefined => waiters.values().next().value
