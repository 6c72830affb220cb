import { Webhook as StandardWebhook } from 'standardwebhooks'
import type { Instant } from '../../../src/kernel/instant.ts'
import type { AttemptOutcome } from '../../../src/operations/attempt-outcome.ts'
import type { DeliveryAttempt } from '../../../src/operations/delivery-attempt.ts'
import type { CheckAddress } from './webhook-address.ts'

/** More than enough for a receiver that stores the event first and works on it later. */
const POST_TIMEOUT_MS = 15_000

/** No request is sent without a signature. Where the key is lost, a rotation gives the webhook a new secret. */
const UNSIGNED = 'Its secret does not open: the STORAGE_KEY that sealed it is not set.'

/** Posts one delivery, signed with every valid secret. A redirect is not followed, and the response body is not read. */
export const postWebhook = async (
  attempt: DeliveryAttempt,
  { now, checkAddress }: { now: Instant; checkAddress: CheckAddress },
): Promise<AttemptOutcome> => {
  if (attempt.secrets.length === 0) return { error: UNSIGNED, isOurFault: true }
  const url = await checkAddress(attempt.url)
  if (!url.ok) {
    const isOurFault = url.reason.kind === 'resolver_away'
    return { error: `The address ${url.reason.detail}.`, ...(isOurFault && { isOurFault }) }
  }
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), POST_TIMEOUT_MS)
  try {
    const response = await fetch(url.value, {
      method: 'POST',
      headers: headersOf(attempt, now),
      body: attempt.body,
      redirect: 'manual',
      signal: timeout.signal,
    })
    await response.body?.cancel()
    return { status: response.status, ...retryAfterOf(response, now) }
  } catch (error) {
    const isLate = timeout.signal.aborted
    return { error: isLate ? `No answer within ${POST_TIMEOUT_MS / 1_000} s.` : `No connection: ${error}` }
  } finally {
    clearTimeout(timer)
  }
}

/** Standard Webhooks: while two secrets are valid, both signatures are sent. */
const headersOf = ({ deliveryId, body, secrets }: DeliveryAttempt, now: Instant): Record<string, string> => {
  const signatures = secrets.map((secret) =>
    new StandardWebhook(secret).sign(deliveryId, new Date(now), body),
  )
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'edge-orders-webhooks/1',
    'webhook-id': deliveryId,
    'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** The pause that `Retry-After` asks for, in seconds or as a date (RFC 9110). Only 429 and 503 may carry one. */
const retryAfterOf = ({ status, headers }: Response, now: Instant): { retryAfterMs?: number } => {
  const text = headers.get('retry-after')
  if (text === null || (status !== 429 && status !== 503)) return {}
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now
  return ms > 0 ? { retryAfterMs: ms } : {}
}
