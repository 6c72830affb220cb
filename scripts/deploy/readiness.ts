// Waits until a deployed system is ready.
import { setTimeout as sleep } from 'node:timers/promises'

/** A new workers.dev address needs some seconds until every part of the network knows it. */
const READY_WITHIN_MS = 60_000
const RESPONSE_WITHIN_MS = 10_000
const PAUSE_MS = 2_000

/** Resolves with undefined once the URL's response is good, or with the last response after a minute. */
export const lastResponseUntilReady = async (url: string): Promise<string | undefined> => {
  const giveUpAt = Date.now() + READY_WITHIN_MS
  for (;;) {
    const badResponse = await request(url)
    if (badResponse === undefined || Date.now() > giveUpAt) return badResponse
    await sleep(PAUSE_MS)
  }
}

const request = async (url: string): Promise<string | undefined> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(RESPONSE_WITHIN_MS) })
    return response.ok ? undefined : `${response.status} ${await response.text()}`
  } catch (error) {
    return `no response (${error instanceof Error ? (error.cause ?? error) : error})`
  }
}
