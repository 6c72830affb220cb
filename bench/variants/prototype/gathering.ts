/** The caller of a request that waits longer has given up. */
const WAIT_MS_MAX = 10_000

type Waiting<Item, Result> = {
  item: Item
  /** Resolves when this request has to make the next call. */
  lead: PromiseWithResolvers<'lead'>
  result: PromiseWithResolvers<Result>
}

/**
 * Calls for one object from one isolate: while a call is under way, the next items wait and travel together. Each call is
 * made by the request of its first item, with that request's own connection. A request that waits for another's promise
 * alone is ended as hung, so each has a timer.
 */
export const createGathering = <Item, Result>() => {
  let waiting: Waiting<Item, Result>[] = []
  let isCalling = false

  const callForAll = async (call: (items: Item[]) => Promise<Result[]>): Promise<void> => {
    const gathered = waiting
    waiting = []
    try {
      const results = await call(gathered.map(({ item }) => item))
      for (const [index, result] of results.entries()) gathered[index]?.result.resolve(result)
    } catch (error) {
      for (const { result } of gathered) result.reject(error)
    }
    const [next] = waiting
    if (next === undefined) isCalling = false
    else next.lead.resolve('lead')
  }

  return async (item: Item, call: (items: Item[]) => Promise<Result[]>): Promise<Result> => {
    const own: Waiting<Item, Result> = {
      item,
      lead: Promise.withResolvers(),
      result: Promise.withResolvers(),
    }
    waiting.push(own)
    const timer = setTimeout(() => own.result.reject(new Error('The object did not answer.')), WAIT_MS_MAX)
    if (!isCalling) own.lead.resolve('lead')
    isCalling = true
    try {
      if ((await Promise.race([own.lead.promise, own.result.promise])) === 'lead') await callForAll(call)
      return await own.result.promise
    } finally {
      clearTimeout(timer)
    }
  }
}
