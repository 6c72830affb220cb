/** At most one customer in ten is refused below the limit because its orders fell unevenly on the partitions. */
const BAD_LUCK_MAX = 0.1

/**
 * The part of a limit that each of `partitions` enforces. Orders fall on partitions at random, so an even share would
 * refuse a customer too early. This is the smallest share that fewer than one customer in ten exceeds while it stays
 * within the limit: 14 of 20 in each of two partitions.
 */
export const shareOf = (bound: number, partitions: number): number => {
  if (partitions === 1) return bound
  const exceeding = chancesOfMore(bound, 1 / partitions)
  const share = exceeding.findIndex((chance) => chance * partitions <= BAD_LUCK_MAX)
  return Math.max(1, share)
}

/** The chance that more than k of `trials` succeed, for each k from 0 on: tails of the binomial distribution. */
const chancesOfMore = (trials: number, chance: number): number[] => {
  const odds = Math.log(chance) - Math.log1p(-chance)
  let logarithm = trials * Math.log1p(-chance)
  const exactly = Array.from({ length: trials + 1 }, (_, successes) => {
    if (successes > 0) logarithm += odds + Math.log((trials - successes + 1) / successes)
    return Math.exp(logarithm)
  })
  let more = 0
  return exactly
    .toReversed()
    .map((each) => {
      const before = more
      more += each
      return before
    })
    .toReversed()
}
