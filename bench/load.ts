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

type Target = { client: HttpClient; mix: Mix; numbers: Numbers }

/** Sends `count` orders as fast as `concurrency` callers get their responses. */
export const sendBurst = async (
  target: Target,
  { count, concurrency }: { count: number; concurrency: number },
): Promise<Sent[]> => {
  const sent: Sent[] = []
  let left = count
  const callers = Array.from({ length: concurrency }, async () => {
    while (left > 0) {
      left -= 1
      sent.push(await send(target, performance.now()))
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

const send = async ({ client, mix, numbers }: Target, intendedAt: number): Promise<Sent> => {
  const number = numbers.next()
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
