/** Time of a simulation, in milliseconds from its start. Work that is due runs in the order of its times. */
export type Clock = {
  now(): number
  at(time: number, run: () => void): void
  /** Runs everything that is due until then. */
  runUntil(time: number): void
}

type Due = { time: number; order: number; run: () => void }

/** A binary heap of due work. Work of the same moment runs in the order in which it was added. */
export const createClock = (): Clock => {
  const heap: Due[] = []
  let now = 0
  let added = 0
  return {
    now: () => now,
    at: (time, run) => {
      added += 1
      push(heap, { time: Math.max(time, now), order: added, run })
    },
    runUntil: (until) => {
      for (let first = heap[0]; first !== undefined && first.time <= until; first = heap[0]) {
        pop(heap)
        now = first.time
        first.run()
      }
      now = until
    },
  }
}

const isBefore = (left: Due, right: Due): boolean =>
  left.time < right.time || (left.time === right.time && left.order < right.order)

const push = (heap: Due[], due: Due): void => {
  let place = heap.push(due) - 1
  while (place > 0) {
    const parent = (place - 1) >> 1
    const above = heap[parent] as Due
    if (isBefore(above, due)) break
    heap[place] = above
    place = parent
  }
  heap[place] = due
}

/** Removes the first. The last one takes its place, and sinks. */
const pop = (heap: Due[]): void => {
  const last = heap.pop() as Due
  if (heap.length === 0) return
  let place = 0
  for (;;) {
    const left = 2 * place + 1
    if (left >= heap.length) break
    const right = left + 1
    const child = right < heap.length && isBefore(heap[right] as Due, heap[left] as Due) ? right : left
    const below = heap[child] as Due
    if (!isBefore(below, last)) break
    heap[place] = below
    place = child
  }
  heap[place] = last
}
