/** How many may wait: in all, of one bearer, and for one order. */
export type RoomLimits = { total: number; perBearer: number; perOrder: number }

export type Waiter = {
  /** The client, or the address where a read token opened the order. */
  bearer: string
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
 * for the longest time makes room: of the same order or bearer where that bound is exceeded, otherwise of the bearer
 * that has the most waiters. So a bearer never displaces one that has fewer.
 */
export const createWaitingRoom = () => {
  /** Each set begins with the waiter that was idle for the longest time. */
  const all = new Set<Waiter>()
  const byBearer = createGroups((waiter) => waiter.bearer)
  const byOrder = createGroups((waiter) => waiter.orderId)

  const join = (waiter: Waiter): void => {
    all.add(waiter)
    byBearer.join(waiter)
    byOrder.join(waiter)
  }
  const leave = (waiter: Waiter): void => {
    all.delete(waiter)
    byBearer.leave(waiter)
    byOrder.leave(waiter)
  }
  const shed = (waiter: Waiter | undefined): void => {
    if (waiter === undefined) return
    leave(waiter)
    waiter.shed()
  }
  const oldestOfLargestBearer = (): Waiter | undefined => {
    const most = byBearer.largest()
    for (const waiter of all) if (byBearer.of(waiter).size === most) return waiter
    return undefined
  }

  return {
    enter: (waiter: Waiter, limits: RoomLimits): Seat => {
      join(waiter)
      if (byOrder.of(waiter).size > limits.perOrder) shed(oldest(byOrder.of(waiter)))
      if (byBearer.of(waiter).size > limits.perBearer) shed(oldest(byBearer.of(waiter)))
      if (all.size > limits.total) shed(oldestOfLargestBearer())
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
