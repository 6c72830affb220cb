import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { orderOf, readStripeEvent } from '../../../workers/payment/gateways/stripe/stripe-events.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

const OLD = 'whsec_old'
const NEW = 'whsec_new'
const BODY = `{ "id":"evt_1", "object":"event","type":"payment_intent.canceled","livemode":true,
  "data":{"object":{"id":"pi_1","metadata":{"order_id":"${ORDER_ID}"}}} }`

const signatureOf = (body: string, secret: string, at: number, scheme = 'v1') => {
  const seconds = Math.floor(at / SECOND_MS)
  return `t=${seconds},${scheme}=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

const read = (body: string, signature: string, secrets: readonly string[] = [NEW], now = NOW) =>
  readStripeEvent(
    { body: new TextEncoder().encode(body), signature },
    { secretKey: 'sk_live_a', webhookSecrets: secrets },
    now,
  )

const REFUSED = { ok: false, reason: 'invalid_signature' }

describe('an event that Stripe posts', () => {
  it('is read from the body as it was sent', async () => {
    expect(await read(BODY, signatureOf(BODY, NEW, NOW))).toMatchObject({ ok: true, value: { id: 'evt_1' } })
  })

  it('is refused where a byte of its body was changed', async () => {
    const forged = BODY.replace('canceled', 'succeeded')
    expect(await read(forged, signatureOf(BODY, NEW, NOW))).toEqual(REFUSED)
  })

  it('is refused where its body was parsed and written again: the signature is of the bytes', async () => {
    expect(await read(JSON.stringify(JSON.parse(BODY)), signatureOf(BODY, NEW, NOW))).toEqual(REFUSED)
  })

  it.each(['', 't=1', 'v1=abc', signatureOf(BODY, 'whsec_other', NOW), signatureOf(BODY, NEW, NOW, 'v0')])(
    'is refused with the signature "%s"',
    async (signature) => {
      expect(await read(BODY, signature)).toEqual(REFUSED)
    },
  )

  it('is refused when it is replayed more than five minutes after it was signed', async () => {
    const signature = signatureOf(BODY, NEW, NOW)
    expect((await read(BODY, signature, [NEW], NOW + 300 * SECOND_MS)).ok).toBe(true)
    expect(await read(BODY, signature, [NEW], NOW + 301 * SECOND_MS)).toEqual(REFUSED)
  })

  it('is refused when the time of an old signature is moved', async () => {
    const [, old] = signatureOf(BODY, NEW, NOW - 3_600 * SECOND_MS).split(',')
    expect(await read(BODY, `t=${NOW / SECOND_MS},${old}`)).toEqual(REFUSED)
  })

  it('is taken under either secret while one replaces the other, and then under the new one alone', async () => {
    const [byOld, byNew] = [signatureOf(BODY, OLD, NOW), signatureOf(BODY, NEW, NOW)]
    expect((await read(BODY, byOld, [NEW, OLD])).ok).toBe(true)
    expect((await read(BODY, byNew, [NEW, OLD])).ok).toBe(true)
    expect(await read(BODY, byOld, [NEW])).toEqual(REFUSED)
  })

  it('is refused where no secret is set', async () => {
    expect(await read(BODY, signatureOf(BODY, '', NOW), [])).toEqual(REFUSED)
  })

  it.each(['{}', 'no JSON', '{"id":"evt_1","type":"a","livemode":true,"data":null}'])(
    'is not valid where Stripe signed %s',
    async (body) => {
      expect(await read(body, signatureOf(body, NEW, NOW))).toEqual({
        ok: false,
        reason: 'validation_failed',
      })
    },
  )
})

describe('the order of an event', () => {
  const event = (livemode: boolean, metadata: Record<string, string> | null) => ({
    ...{ id: 'evt_1', type: 'charge.refunded', livemode },
    data: { object: { metadata } },
  })

  it('is named by the metadata that our own calls set', () => {
    expect(orderOf(event(true, { order_id: ORDER_ID }), { isTestMode: false })).toBe(ORDER_ID)
  })

  it('is none for an event about something else, or of the other mode', () => {
    expect(orderOf(event(true, null), { isTestMode: false })).toBeUndefined()
    expect(orderOf(event(false, { order_id: ORDER_ID }), { isTestMode: false })).toBeUndefined()
    expect(orderOf(event(true, { order_id: ORDER_ID }), { isTestMode: true })).toBeUndefined()
  })
})
