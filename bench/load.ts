import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpClient } from './http-client.ts'
import type { Mix } from './mixes.ts'

/** One submission and what came of it. */
export type Sent = {
  number: number
  status: number
  orderId: string | undefined
  /** From when it was to be sent to its response: a generator that is late hides nothing. */
  latencyMs: number
}

/** The numbers of a run's submissions: a run that follows another goes on where that one ended. */
export type Numbers = { next(): number }

export const createNumbers = (): Numbers => {
  let last = -1
  return {
    next: () => {
      last += 1
      return last
    },
  }
}

/** The status of a system that has more orders than it can take. */
export const OVERLOADED = 503
/** A caller in a burst sends a refused order again after this. */
const SEND_AGAIN_MS = 250

type Target = { client: HttpClient; mix: Mix; numbers: Numbers }

/** Sends `count` orders as fast as `concurrency` callers get their responses. A refused order is sent again. */
export const sendBurst = async (
  target: Target,
  { count, concurrency }: { count: number; concurrency: number },
): Promise<Sent[]> => {
  const sent: Sent[] = []
  let left = count
  const callers = Array.from({ length: concurrency }, async () => {
    while (left > 0) {
      left -= 1
      sent.push(await sendUntilTaken(target))
    }
  })
  await Promise.all(callers)
  return sent
}

/** How often the generator looks which submissions are due. */
const TICK_MS = 2

/** Sends at a constant rate, whether or not responses come (an open loop). */
export const sendAtRate = async (
  target: Target,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Sent[]> => {
  const startedAt = performance.now()
  const under: Promise<Sent>[] = []
  const total = Math.round(perSecond * seconds)
  while (under.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) + 1)
    while (under.length < due) under.push(send(target, startedAt + (under.length * 1_000) / perSecond))
    await sleep(TICK_MS)
  }
  return await Promise.all(under)
}

const sendUntilTaken = async (target: Target): Promise<Sent> => {
  const [number, startedAt] = [target.numbers.next(), performance.now()]
  for (;;) {
    const sent = await sendNumber(target, number, startedAt)
    if (sent.status !== OVERLOADED) return sent
    await sleep(SEND_AGAIN_MS)
  }
}

const send = (target: Target, intendedAt: number): Promise<Sent> =>
  sendNumber(target, target.numbers.next(), intendedAt)

const sendNumber = async ({ client, mix }: Target, number: number, intendedAt: number): Promise<Sent> => {
  const { body, key } = mix.submission(number)
  const response = await client.call('POST', '/orders', body, { 'idempotency-key': key })
  const { orderId } = response.body
  return {
    number,
    status: response.status,
    orderId: typeof orderId === 'string' ? orderId : undefined,
    latencyMs: performance.now() - intendedAt,
  }
}
