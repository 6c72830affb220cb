/** What is counted. Rows, requests and operations as Cloudflare bills them; the others explain the bill. */
export type Counted =
  | 'workerRequests'
  | 'objectRequests'
  | 'objectActiveMs'
  | 'rowsWritten'
  | 'rowsRead'
  | 'databaseCalls'
  | 'messages'
  | 'messageBytes'
  | 'queueOperations'
  | 'spans'
  | 'logBytes'

/** One sum: of what, where (a Worker, a class of objects, a binding), in which table, for which call or handler. */
export type Count = { counted: Counted; where: string; table: string; reason: string; sum: number }

/** The path under which each counted Worker tells its sums. No deployed Worker has it. */
export const COUNTS_PATH = '/bench/counts'

const keyOf = ({ counted, where, table, reason }: Omit<Count, 'sum'>): string =>
  [counted, where, table, reason].join('|')

/** The sums of a running Worker. */
export const createCounts = () => {
  const counts = new Map<string, Count>()
  return {
    add: (counted: Counted, sum: number, about: Partial<Omit<Count, 'counted' | 'sum'>>): void => {
      if (sum === 0) return
      const count = { where: '', table: '', reason: '', ...about, counted, sum }
      const known = counts.get(keyOf(count))
      if (known === undefined) counts.set(keyOf(count), count)
      else known.sum += sum
    },
    all: (): Count[] => [...counts.values()],
  }
}

/** Counts of several Workers, with equal ones summed up. */
export const merged = (counts: readonly Count[]): Count[] => {
  const all = createCounts()
  for (const { sum, ...count } of counts) all.add(count.counted, sum, count)
  return all.all()
}

/** What was counted between two moments. */
export const difference = (after: readonly Count[], before: readonly Count[]): Count[] => {
  const sums = new Map(before.map((count) => [keyOf(count), count.sum]))
  return after
    .map((count) => ({ ...count, sum: count.sum - (sums.get(keyOf(count)) ?? 0) }))
    .filter(({ sum }) => sum !== 0)
}

/** The sum of what is counted, of all counts or of those that are wanted. */
export const total = (
  counts: readonly Count[],
  counted: Counted,
  isWanted: (count: Count) => boolean = () => true,
): number =>
  counts.reduce((sum, count) => (count.counted === counted && isWanted(count) ? sum + count.sum : sum), 0)
