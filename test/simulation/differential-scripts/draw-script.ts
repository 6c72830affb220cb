import { createEvent } from '../../../src/contracts/events.ts'
import type { Scripted, Step } from '../../support/differential/script.ts'
import { createRandoms, type Random } from '../platform/random.ts'
import { drawForWebhooks, openingWithWebhooks } from './draw-webhook-calls.ts'

const CALLER = { client: 'shop', scopes: [] }
/** The calls name all of them, and the last one is never placed. */
const ORDERS = 4
const PLACED = 3
const STEPS = 40
/** Long enough that alarms ring between two steps, and sometimes many of them. */
const PAUSES_MS = [0, 100, 700, 1_200, 6_000, 30_000, 400_000] as const
/** An address rests for up to a quarter of an hour. Longer pauses would only ring the same alarm many more times. */
const WEBHOOK_PAUSES_MS = [...PAUSES_MS, 0, 100, 700, 6_000, 3_600_000] as const

type Call = { method: string; args: readonly unknown[] }

type Drawing = {
  opening: readonly Call[]
  draw(seed: number, random: Random): Call | undefined
  pausesMs: readonly [number, ...number[]]
}

const SCRIPTS: Record<Scripted, (seed: number) => Drawing> = {
  order: (seed) => ({ opening: openingOf(seed), draw: drawForOrder, pausesMs: PAUSES_MS }),
  inventory: () => ({ opening: [], draw: drawForStock, pausesMs: PAUSES_MS }),
  payment: () => ({ opening: [], draw: drawForPayment, pausesMs: PAUSES_MS }),
  operations: () => ({
    ...{ opening: openingWithWebhooks(), draw: drawForWebhooks, pausesMs: WEBHOOK_PAUSES_MS },
  }),
}

/** A script from its seed: calls of clients, of other services and of the bank, in any order and more than once. */
export const drawScript = (service: Scripted, seed: number): Step[] => {
  const random = createRandoms(seed)(`script/${service}`)
  const { opening, draw, pausesMs } = SCRIPTS[service](seed)
  let passedMs = 1_000
  const calls = [...opening, ...Array.from({ length: STEPS }, () => draw(seed, random))]
  return calls.map((call, index): Step => {
    passedMs += 100 + random.pick(pausesMs)
    // Alarms ring whole tenths of a second after a step. Each step has last digits of its own, so that no alarm meets
    // one.
    const atMs = passedMs - (passedMs % 100) + index
    return call === undefined ? { atMs, kind: 'restart' } : { atMs, kind: 'call', ...call }
  })
}

/** No webhook wants anything, and three orders are there. */
const openingOf = (seed: number): Call[] => [
  { method: 'want', args: [{ revision: 0, types: [] }] },
  ...Array.from({ length: PLACED }, (_, number) => place(orderOf(seed, number))),
]

const orderOf = (seed: number, number: number): string =>
  `ord_0_${String(seed * 100 + number).padStart(26, '0')}`

const anOrder = (seed: number, random: Random): string => orderOf(seed, random.below(ORDERS))

const requestFor = (what: string, random: Random) => {
  const key = random.below(3)
  return key === 0 ? undefined : { requestKey: `${what}-${key}`, fingerprint: random.pick(['this', 'that']) }
}

const drawForOrder = (seed: number, random: Random): Call | undefined => {
  const orderId = anOrder(seed, random)
  const drawn = random.below(10)
  if (drawn === 0) return undefined
  if (drawn === 1) {
    const caller = CALLER
    const cancellation = { orderId, caller, detail: 'Changed my mind.', traceparent: undefined }
    return { method: 'cancel', args: [{ ...cancellation, request: requestFor('cancel', random) }] }
  }
  if (drawn === 2) return { method: 'get', args: [orderId, CALLER] }
  if (drawn === 3) return place(orderOf(seed, random.below(PLACED)), random.pick(['this', 'that']))
  if (drawn === 4) return place(orderOf(seed, 10 + random.below(80)))
  const reports = Array.from({ length: random.between(1, 3) }, () =>
    reportOfLeg(anOrder(seed, random), random),
  )
  return { method: 'answer', args: [reports] }
}

const LINE = { productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }

/** Places an order under its own key: mostly the same order again, sometimes another one, which is refused. */
const place = (orderId: string, fingerprint = 'this'): Call => {
  const value = { orderId, client: 'shop', currency: 'USD', totalMinor: 10_000, lines: [LINE] }
  const request = { requestKey: `place-${orderId}`, fingerprint }
  return { method: 'place', args: [{ request, placement: { ok: true, value } }] }
}

const CAUSE = { id: 'x', hops: 0 }

const reportOfLeg = (orderId: string, random: Random): unknown => {
  const facts = { subject: orderId, at: 1, revision: random.between(1, 9), cause: CAUSE }
  if (random.chance() < 0.5) {
    const type = random.pick(['StockReserved', 'StockReserved', 'StockCommitted', 'StockReleased'] as const)
    return createEvent({ ...facts, type, data: { orderId, lines: [] } })
  }
  const type = random.pick(['PaymentAuthorized', 'PaymentAuthorized', 'PaymentCaptured', 'PaymentVoided'])
  const capturedAmount = type === 'PaymentCaptured' ? 100 : 0
  const data = { orderId, amount: 100, capturedAmount, refundedAmount: 0, currency: 'USD' }
  return createEvent({ ...facts, type: type as 'PaymentAuthorized', data })
}

const drawForStock = (seed: number, random: Random): Call | undefined => {
  const productId = `P${random.between(1, 3)}`
  const drawn = random.below(10)
  if (drawn === 0) return undefined
  if (drawn <= 2) {
    const unitPriceMinor = random.pick([100, 200])
    return { method: 'putProduct', args: [{ productId, name: 'A', unitPriceMinor, currency: 'USD' }] }
  }
  if (drawn <= 4) {
    const adjustmentId = `adj_${seed}_${random.below(1_000_000)}`
    const wanted = { adjustmentId, productId, delta: random.pick([-2, 1, 3, 5]), reason: 'receipt' }
    return { method: 'adjust', args: [{ ...wanted, request: requestFor('adjust', random) }] }
  }
  if (drawn === 5) return { method: 'note', args: [[`${productId}/ProductChanged/${random.between(1, 3)}`]] }
  if (drawn === 6) return { method: 'product', args: [productId] }
  const command = () => ({
    kind: random.pick(['reserve', 'reserve', 'commit', 'release'] as const),
    orderId: anOrder(seed, random),
    lines: [{ productId: `P${random.between(1, 3)}`, quantity: random.between(1, 3) }],
  })
  return { method: 'apply', args: [Array.from({ length: random.between(1, 3) }, command)] }
}

const drawForPayment = (seed: number, random: Random): Call | undefined => {
  const orderId = anOrder(seed, random)
  const drawn = random.below(10)
  if (drawn === 0) return undefined
  if (drawn === 1) return { method: 'note', args: [orderId, [`${orderId}/PaymentRefunded/rf_1`]] }
  if (drawn === 2) {
    const amount = random.pick([undefined, 10, 50])
    const asked = { orderId, refundId: `rf_${random.between(1, 3)}`, caller: CALLER, amount }
    return {
      method: 'requestRefund',
      args: [{ ...asked, reason: 'late', request: requestFor('refund', random) }],
    }
  }
  if (drawn <= 5) return { method: 'begin', args: [[causeFor(orderId, random)]] }
  return { method: 'record', args: [[reportFor(orderId, random)]] }
}

const causeFor = (orderId: string, random: Random): unknown => {
  const facts = { subject: orderId, at: 1, revision: random.between(1, 9) }
  const money = { orderId, items: [{ productId: 'P001', quantity: 1 }], totalAmount: 50, currency: 'USD' }
  const type = random.pick(['OrderPlaced', 'OrderPlaced', 'OrderConfirmed', 'OrderCancelled'] as const)
  if (type === 'OrderPlaced') {
    return createEvent({
      ...facts,
      type,
      data: { ...money, client: 'shop', payment: { token: 'pm_card_visa' } },
    })
  }
  if (type === 'OrderConfirmed') return createEvent({ ...facts, type, data: money })
  const reason = { code: 'cancelled_by_client' as const, detail: '' }
  return createEvent({ ...facts, type, data: { ...money, reason } })
}

const reportFor = (orderId: string, random: Random): unknown => {
  const step = random.pick([
    'authorize',
    'authorize',
    'capture',
    'void',
    'refund-rf_1',
    'refund-cancellation',
  ])
  const idempotencyKey = `${orderId}/${step}/${random.pick([1, 1, 2])}`
  if (random.chance() < 0.2) return { orderId, idempotencyKey, lookup: { kind: 'found', records: [] } }
  const kind = random.pick(['succeeded', 'succeeded', 'declined', 'error', 'unknown'])
  if (kind === 'succeeded') return { orderId, idempotencyKey, answer: { kind, reference: 'ref_1' } }
  return { orderId, idempotencyKey, answer: { kind, code: 'card_declined', detail: 'No.' } }
}
