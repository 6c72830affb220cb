import { latencyMs, type Platform } from './platform.ts'

/** Longer than the Workers wait for an answer. */
const HANG_MS = 60_000

/** The address of the one webhook that a world may have. */
export const RECEIVER_URL = 'https://receiver.example/hook'

export type Receiver = {
  /** What came, by the id of the delivery: the bodies of all tries. */
  received: ReadonlyMap<string, readonly string[]>
  /** How often it refused a delivery, or said nothing. */
  failed: ReadonlyMap<string, number>
  fetch: typeof globalThis.fetch
}

/** What a try came to here. One that was taken is a failure too where the answer hangs. */
type Heard = { isTaken: boolean; isFailed: boolean }

/** Whoever listens behind a webhook: it notes whatever comes, and does not always say so. */
export const createReceiver = (platform: Platform): Receiver => {
  const { scheduler, faults } = platform
  const random = platform.stream('receiver')
  const received = new Map<string, string[]>()
  const failed = new Map<string, number>()
  const hear = (init: RequestInit | undefined, { isTaken, isFailed }: Heard): void => {
    const id = new Headers(init?.headers).get('webhook-id') ?? ''
    if (isTaken) received.set(id, [...(received.get(id) ?? []), String(init?.body)])
    if (isFailed) failed.set(id, (failed.get(id) ?? 0) + 1)
  }
  return {
    received,
    failed,
    fetch: (url, init) => {
      const actor = scheduler.acting
      if (actor === undefined || String(url) !== RECEIVER_URL) throw new Error(`nobody is at ${url}`)
      const { promise, resolve, reject } = Promise.withResolvers<Response>()
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      const isLost = faults.hits('webhookLost')
      const isRefused = faults.hits('webhookRefused')
      const isHanging = isLost || faults.hits('webhookHangs')
      hear(init, { isTaken: !isLost && !isRefused, isFailed: isHanging || isRefused })
      const status = isRefused ? 500 : 204
      const afterMs = isHanging ? HANG_MS : latencyMs(random)
      scheduler.resume(afterMs, actor, () => resolve(new Response(null, { status })))
      return promise
    },
  }
}
