import type { Instant } from '../../../src/kernel/instant.ts'
import type { Random } from './random.ts'

/** One that runs code: a partition's memory, one invocation of a Worker, a client. */
export type Actor = {
  name: string
  /** False once it crashed or was killed. Nothing of it ever runs again. */
  isAlive(): boolean
  /** Its own clock, which may be wrong. */
  now(): Instant
  chance(): number
  /** Called before the actor goes on after an await. It may end the actor. */
  beforeResume?(): void
}

type Event = { at: Instant; order: number; sequence: number; actor: Actor; run: () => void; isOff: boolean }

export type Timer = { cancel(): void }

/** Captured before a world replaces the global. */
const immediately = globalThis.setImmediate

/**
 * Node's own function that lets all promises go on which can. It needs no turn of the event loop, which would cost a
 * system call. It must be called from outside all promises: inside one it does nothing.
 */
const runMicrotasks = (process as unknown as { _tickCallback(): void })._tickCallback

/** More steps than a world takes without an endless loop. */
const STEPS_MAX = 400_000

/**
 * The virtual clock, and the heap of all that is going to happen, ordered by time and then by chance. One thing runs at
 * a time: after each step all promises that can go on do so before the next step begins. That is sound, because a world
 * never waits for the real event loop. Steps resolve all its promises, so microtasks are enough.
 */
export class Scheduler {
  now: Instant
  steps = 0
  #acting: Actor | undefined
  #sequence = 0
  readonly #heap: Event[] = []
  readonly #random: Random

  constructor(start: Instant, random: Random) {
    this.now = start
    this.#random = random
  }

  /** The actor that is running now. */
  get acting(): Actor | undefined {
    return this.#acting
  }

  /** From here to the end of the step another actor runs, such as the partition that a call has reached. */
  become(actor: Actor): void {
    this.#acting = actor
  }

  after(delayMs: number, actor: Actor, run: () => void): Timer {
    return this.at(this.now + Math.max(0, delayMs), actor, run)
  }

  at(at: Instant, actor: Actor, run: () => void): Timer {
    this.#sequence += 1
    const event = {
      at: Math.max(at, this.now),
      order: this.#random.chance(),
      sequence: this.#sequence,
      actor,
      run,
      isOff: false,
    }
    push(this.#heap, event)
    return {
      cancel: () => {
        event.isOff = true
      },
    }
  }

  /** Lets an actor go on after an await, unless it is gone by then. */
  resume(delayMs: number, actor: Actor, run: () => void): void {
    this.after(delayMs, actor, () => {
      actor.beforeResume?.()
      if (actor.isAlive()) run()
    })
  }

  /** The whole world stands still. All that was due meanwhile happens late. */
  skip(ms: number): void {
    this.now += ms
  }

  isEmpty(): boolean {
    this.#dropDead()
    return this.#heap.length === 0
  }

  /** Runs all that is due up to a moment; the clock stands at that moment after it. */
  runUntil(until: Instant): Promise<void> {
    return new Promise((resolve, reject) => {
      immediately(() => {
        try {
          while (this.#step(until)) runMicrotasks()
          this.#acting = undefined
          this.now = Math.max(this.now, until)
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /** False where nothing more is due by then. */
  #step(until: Instant): boolean {
    this.#acting = undefined
    this.#dropDead()
    const next = this.#heap[0]
    if (next === undefined || next.at > until) return false
    pop(this.#heap)
    this.steps += 1
    if (this.steps > STEPS_MAX) throw new Error(`the world is not at rest after ${STEPS_MAX} steps`)
    this.now = Math.max(this.now, next.at)
    this.#acting = next.actor
    next.run()
    return true
  }

  /** When the next thing happens. */
  nextAt(): Instant | undefined {
    this.#dropDead()
    return this.#heap[0]?.at
  }

  #dropDead(): void {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || !(first.isOff || !first.actor.isAlive())) return
      pop(this.#heap)
    }
  }
}

const isBefore = (left: Event, right: Event): boolean => {
  if (left.at !== right.at) return left.at < right.at
  if (left.order !== right.order) return left.order < right.order
  return left.sequence < right.sequence
}

const push = (heap: Event[], event: Event): void => {
  let place = heap.length
  while (place > 0) {
    const parent = (place - 1) >> 1
    const above = heap[parent]
    if (above === undefined || isBefore(above, event)) break
    heap[place] = above
    place = parent
  }
  heap[place] = event
}

const pop = (heap: Event[]): void => {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let place = 0
  for (;;) {
    const child = firstChild(heap, place)
    const below = heap[child]
    if (below === undefined || isBefore(last, below)) break
    heap[place] = below
    place = child
  }
  heap[place] = last
}

const firstChild = (heap: readonly Event[], place: number): number => {
  const left = heap[2 * place + 1]
  const right = heap[2 * place + 2]
  return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * place + 2 : 2 * place + 1
}
