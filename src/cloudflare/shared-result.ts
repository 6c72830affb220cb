import type { Instant } from '../kernel/instant.ts'
import { within } from './within.ts'

type Sharing<Value> = {
  now(): Instant
  /** How long a result is fresh. */
  freshMs(value: Value): number
  /** How long a caller waits for a result. After that the next caller asks again. */
  withinMs: number
}

/** Runs one question at a time for all callers of an isolate, and gives them one result for as long as it is fresh. */
export const createSharedResult = <Value>({ now, freshMs, withinMs }: Sharing<Value>) => {
  let known: { value: Value; askedAt: Instant } | undefined
  let asking: { result: Promise<Value>; askedAt: Instant } | undefined

  const ask = (question: () => Promise<Value>): Promise<Value> => {
    const askedAt = now()
    const result = question()
      .then((value) => {
        known = { value, askedAt }
        return value
      })
      .finally(() => {
        if (asking?.askedAt === askedAt) asking = undefined
      })
    asking = { result, askedAt }
    return result
  }

  /** `keepAlive` keeps the platform from dropping the question together with the caller that came first. */
  return async (
    question: () => Promise<Value>,
    keepAlive: (result: Promise<unknown>) => void,
  ): Promise<Value> => {
    if (known !== undefined && now() - known.askedAt < freshMs(known.value)) return known.value
    const isUnderWay = asking !== undefined && now() - asking.askedAt < withinMs
    const result = isUnderWay && asking !== undefined ? asking.result : ask(question)
    keepAlive(result.catch(() => undefined))
    return await within(withinMs, 'a shared question', result)
  }
}
