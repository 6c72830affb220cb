import type { Instant } from '../kernel/instant.ts'
import { within } from './within.ts'

/** A response that needs no new result leaves before the work on the next one begins: a thread does one after the other. */
const RESPONSE_FIRST_MS = 50

type Sharing<Value> = {
  now(): Instant
  /** How long a result is fresh. */
  freshMs(value: Value): number
  /**
   * For how long after that a caller still gets the old result at once, while the question is asked anew for the next
   * callers. Without it every caller waits for a fresh one.
   */
  usableMs?(value: Value): number
  /** How long a caller waits for a result. After that the next caller asks again. */
  withinMs: number
}

/** Runs one question at a time for all callers of an isolate, and gives them one result for as long as it is fresh. */
export const createSharedResult = <Value>({ now, freshMs, usableMs = () => 0, withinMs }: Sharing<Value>) => {
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
    const old = known
    const lateMs = old === undefined ? Number.POSITIVE_INFINITY : now() - old.askedAt - freshMs(old.value)
    if (old !== undefined && lateMs < 0) return old.value
    const isUsable = old !== undefined && lateMs < usableMs(old.value)
    const isUnderWay = asking !== undefined && now() - asking.askedAt < withinMs
    const result =
      isUnderWay && asking !== undefined ? asking.result : ask(isUsable ? afterResponse(question) : question)
    keepAlive(result.catch(() => undefined))
    if (isUsable) return old.value
    return await within(withinMs, 'a shared question', result)
  }
}

const afterResponse =
  <Value>(question: () => Promise<Value>) =>
  async (): Promise<Value> => {
    await new Promise((resolve) => setTimeout(resolve, RESPONSE_FIRST_MS))
    return await question()
  }
