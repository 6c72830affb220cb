/** The caller of a request that waits longer has given up. */
const WAIT_MS_MAX = 10_000

/**
 * Calls for one object from one isolate: while a call is under way, the next items wait and travel together. A request
 * that waits for another's promise alone is ended as hung, so each has a timer, and `waitUntil` holds the call.
 */
export const createGathering = <Item, Result>() => {
  let waiting: { item: Item; resolve(result: Result): void; reject(error: unknown): void }[] = []
  let isCalling = false

  const callAll = async (call: (items: Item[]) => Promise<Result[]>): Promise<void> => {
    while (waiting.length > 0) {
      const gathered = waiting
      waiting = []
      try {
        const results = await call(gathered.map(({ item }) => item))
        for (const [index, result] of results.entries()) gathered[index]?.resolve(result)
      } catch (error) {
        for (const { reject } of gathered) reject(error)
      }
    }
    isCalling = false
  }

  return async (
    item: Item,
    ctx: Pick<ExecutionContext, 'waitUntil'>,
    call: (items: Item[]) => Promise<Result[]>,
  ): Promise<Result> => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const result = new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      timer = setTimeout(() => reject(new Error('The object did not answer.')), WAIT_MS_MAX)
    })
    if (!isCalling) {
      isCalling = true
      ctx.waitUntil(callAll(call))
    }
    try {
      return await result
    } finally {
      clearTimeout(timer)
    }
  }
}
