import type { Subscriber } from '../contracts/topology.ts'

/** Letters of one queue with one reason and one error. */
export type LetterGroup = {
  consumer: Subscriber
  reason: string
  error: string
  letters: number
  firstSeenAt: string
  lastSeenAt: string
  /** The id of one of them. */
  sampleId: string
}

/** Ids, numbers and times: what differs between the errors of one cause. */
const VARYING = /[\w.:-]*\d[\w.:-]*/g

/** The error with `*` for each word that has a digit: errors that differ only in ids and numbers have one pattern. */
export const patternOf = (error: string): string => error.replaceAll(VARYING, '*')

/** Whether a letter's error is the wanted one, or has it as its pattern. */
export const isErrorOf = (wanted: string, error: string): boolean =>
  error === wanted || patternOf(error) === wanted

/** The same letters by the patterns of their errors, the largest group first. A group with one error has that error. */
export const mergeGroups = (groups: readonly LetterGroup[]): LetterGroup[] => {
  const byPattern = Map.groupBy(groups, ({ consumer, reason, error }) =>
    JSON.stringify([consumer, reason, patternOf(error)]),
  )
  return [...byPattern.values()].flatMap(mergeAlike).toSorted((left, right) => right.letters - left.letters)
}

const mergeAlike = (alike: readonly LetterGroup[]): LetterGroup[] =>
  alike.slice(0, 1).map((group) => ({
    ...group,
    error: alike.every(({ error }) => error === group.error) ? group.error : patternOf(group.error),
    letters: alike.reduce((sum, { letters }) => sum + letters, 0),
    firstSeenAt: alike.map(({ firstSeenAt }) => firstSeenAt).toSorted()[0] ?? group.firstSeenAt,
    lastSeenAt:
      alike
        .map(({ lastSeenAt }) => lastSeenAt)
        .toSorted()
        .at(-1) ?? group.lastSeenAt,
  }))
