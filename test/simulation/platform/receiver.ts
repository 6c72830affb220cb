import { latencyMs, type Platform } from './platform.ts'

/** Longer than the Workers wait for a response. */
const HANG_MS = 60_000

/** The address of the one webhook that a world may have. */
export const RECEIVER_URL = 'https://receiver.example/hook'

export type Receiver = {
  /** The bodies of all attempts that arrived, by the id of the delivery. */
  received: ReadonlyMap<string, readonly string[]>
  /** How often it refused a delivery or sent no response, by the id of the delivery. */
  failed: ReadonlyMap<string, number>
  fetch: typeof globalThis.fetch
}

/** The result of an attempt. One that was taken is also a failure where its response hangs. */
type Attempt = { isTaken: boolean; isFailed: boolean }

/** The address behind a webhook. It keeps what it takes, and does not always respond. */
export const createReceiver = (platform: Platform): Receiver => {
  const { scheduler, faults } = platform
  const random = platform.stream('receiver')
  const received = new Map<string, string[]>()
  const failed = new Map<string, number>()
  const recordAttempt = (init: RequestInit | undefined, { isTaken, isFailed }: Attempt): void => {
    const id = new Headers(init?.headers).get('webhook-id') ?? ''
    if (isTaken) received.set(id, [...(received.get(id) ?? []), String(init?.body)])
    if (isFailed) failed.set(id, (failed.get(id) ?? 0) + 1)
  }
  return {
    received,
    failed,
    fetch: (url, init) => {
      const actor = scheduler.acting
      if (actor === undefined || String(url) !== RECEIVER_URL)
        throw new Error(`no receiver has the address ${url}`)
      const { promise, resolve, reject } = Promise.withResolvers<Response>()
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      const isLost = faults.hits('webhookLost')
      const isRefused = faults.hits('webhookRefused')
      const isHanging = isLost || faults.hits('webhookHangs')
      recordAttempt(init, { isTaken: !isLost && !isRefused, isFailed: isHanging || isRefused })
      const status = isRefused ? 500 : 204
      const afterMs = isHanging ? HANG_MS : latencyMs(random)
      scheduler.resume(afterMs, actor, () => resolve(new Response(null, { status })))
      return promise
    },
  }
}
