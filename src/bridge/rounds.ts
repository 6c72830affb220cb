/**
 * The items in rounds. A round has at most one item of each key, so its items may arrive in any sequence. The items of a
 * key keep theirs from round to round: a sink that awaits each round sends nothing behind an unconfirmed item of its key.
 */
export const inRounds = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] => {
  const rounds: Item[][] = []
  const roundsOfKey = new Map<string, number>()
  for (const item of items) {
    const key = keyOf(item)
    const round = roundsOfKey.get(key) ?? 0
    roundsOfKey.set(key, round + 1)
    const those = rounds[round] ?? []
    rounds[round] = those
    those.push(item)
  }
  return rounds
}
