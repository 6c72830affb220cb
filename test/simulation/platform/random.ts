import { hash32 } from '../../../src/kernel/hash.ts'

/** A stream of random numbers. Each subsystem has its own, so that a new draw in one does not shift the others. */
export type Random = {
  /** From 0 to below 1. */
  chance(): number
  /** A whole number from 0 to below `count`. */
  below(count: number): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
}

/**
 * Streams by name, all from one seed. A name that is used again continues its stream. The name is part of the seed: a
 * renamed stream gives each seed another world, so some streams keep names that the code uses nowhere else. The README lists them.
 */
export const createRandoms = (seed: number): ((name: string) => Random) => {
  const streams = new Map<string, Random>()
  return (name) => {
    const stream = streams.get(name) ?? createRandom(hash32(`${seed}/${name}`))
    streams.set(name, stream)
    return stream
  }
}

const createRandom = (seed: number): Random => {
  const chance = mulberry32(seed)
  const below = (count: number) => Math.floor(chance() * count)
  return {
    chance,
    below,
    between: (low, high) => low + below(high - low + 1),
    pick: (items) => items[below(items.length)] ?? items[0],
  }
}

/** Small, and the same everywhere. */
const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
