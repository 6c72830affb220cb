import { latencyMs, type Platform } from './platform.ts'

/** Longer than the Workers wait for an answer. */
const HANG_MS = 60_000

/** The address of the one webhook that a world may have. */
export const RECEIVER_URL = 'https://receiver.example/hook'

export type Receiver = {
  /** What came, by the id of the delivery: the bodies of all tries. */
  received: ReadonlyMap<string, readonly string[]>
  fetch: typeof globalThis.fetch
}

/** Whoever listens behind a webhook: it notes whatever comes, and does not always say so. */
export const createReceiver = (platform: Platform): Receiver => {
  const { scheduler, faults } = platform
  const random = platform.stream('receiver')
  const received = new Map<string, string[]>()
  const take = (headers: Headers, body: string): void => {
    const id = headers.get('webhook-id') ?? ''
    received.set(id, [...(received.get(id) ?? []), body])
  }
  return {
    received,
    fetch: (url, init) => {
      const actor = scheduler.acting
      if (actor === undefined || String(url) !== RECEIVER_URL) throw new Error(`nobody is at ${url}`)
      const { promise, resolve, reject } = Promise.withResolvers<Response>()
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      const isLost = faults.hits('webhookLost')
      const isRefused = faults.hits('webhookRefused')
      if (!isLost && !isRefused) take(new Headers(init?.headers), String(init?.body))
      const status = isRefused ? 500 : 204
      const afterMs = isLost || faults.hits('webhookHangs') ? HANG_MS : latencyMs(random)
      scheduler.resume(afterMs, actor, () => resolve(new Response(null, { status })))
      return promise
    },
  }
}
