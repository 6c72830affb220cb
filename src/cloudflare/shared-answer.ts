import type { Instant } from '../kernel/instant.ts'
import { within } from './within.ts'

type Sharing<Value> = {
  now(): Instant
  /** How long an answer holds. */
  freshMs(value: Value): number
  /** How long any caller waits for one; after that the next one asks again. */
  withinMs: number
}

/** One question at a time for all callers of an isolate, and one answer for as long as it is fresh. */
export const createSharedAnswer = <Value>({ now, freshMs, withinMs }: Sharing<Value>) => {
  let known: { value: Value; askedAt: Instant } | undefined
  let asking: { answer: Promise<Value>; askedAt: Instant } | undefined

  const ask = (question: () => Promise<Value>): Promise<Value> => {
    const askedAt = now()
    const answer = question()
      .then((value) => {
        known = { value, askedAt }
        return value
      })
      .finally(() => {
        if (asking?.askedAt === askedAt) asking = undefined
      })
    asking = { answer, askedAt }
    return answer
  }

  /** `keepAlive` keeps the platform from dropping the question with the caller that happened to be first. */
  return async (
    question: () => Promise<Value>,
    keepAlive: (answer: Promise<unknown>) => void,
  ): Promise<Value> => {
    if (known !== undefined && now() - known.askedAt < freshMs(known.value)) return known.value
    const isUnderWay = asking !== undefined && now() - asking.askedAt < withinMs
    const answer = isUnderWay && asking !== undefined ? asking.answer : ask(question)
    keepAlive(answer.catch(() => undefined))
    return await within(withinMs, 'a shared answer', answer)
  }
}
