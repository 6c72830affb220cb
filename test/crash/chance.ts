/**
 * Seeded random numbers. The same seed and name give the same numbers, so that a new draw in one part shifts no other.
 */
export const createChance = (seed: number, name: string) => {
  let state = mix(seed ^ hash(name))
  /** From 0 to below 1 (mulberry32). */
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0
    return mix(state) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + fraction() * (most - least)
  const integer = (least: number, most: number): number => Math.floor(between(least, most + 1))
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[integer(0, items.length - 1)]
  return {
    between,
    integer,
    pick,
    isLikely: (probability: number): boolean => fraction() < probability,
    /** Draws one of the keys, each with its share. */
    share: <Key extends string>(shares: Readonly<Record<Key, number>>): Key => {
      const entries = Object.entries<number>(shares) as [Key, number][]
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      const drawn = entries.find(([, weight]) => {
        left -= weight
        return left < 0
      })
      return (drawn ?? entries[0] ?? [undefined as never])[0]
    },
    shuffled: <Item>(items: readonly Item[]): Item[] =>
      items
        .map((item) => ({ item, rank: fraction() }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ item }) => item),
  }
}

export type Chance = ReturnType<typeof createChance>

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 15), 1 | value)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
  return (mixed ^ (mixed >>> 14)) >>> 0
}

const hash = (text: string): number =>
  Array.from(text).reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5)
